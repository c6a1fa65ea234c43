/** AgentPhone's API, as its published client calls it. */
import type { ScopeArea } from "../../http/require-scope.ts";
import { type DialectApp, type DialectDeps, openDialect } from "../kit/open-dialect.ts";
import { addAgentNumberRoutes } from "./agent-numbers.ts";
import { AgentCodec } from "./agent-view.ts";
import { addAgentRoutes } from "./agents.ts";
import { addCallRoutes } from "./calls.ts";
import { addContactCardRoutes } from "./contact-cards.ts";
import { addContactRoutes } from "./contacts.ts";
import { addConversationRoutes } from "./conversations.ts";
import { showError } from "./errors.ts";
import { addLocationRoutes } from "./location.ts";
import { addMessageRoutes } from "./messages.ts";
import { addNumberRoutes } from "./numbers.ts";
import { addOutboundCallRoutes } from "./outbound-calls.ts";
import { addRecordingRoutes } from "./recordings.ts";
import { addRegistrationRoutes } from "./registration.ts";
import { addSignUpRoutes } from "./sign-up.ts";
import { addSipTrunkRoutes } from "./sip-trunks.ts";
import { addSubAccountRoutes } from "./sub-accounts.ts";
import { addTranscriptStreamRoutes } from "./transcript-stream.ts";
import { addUsageRoutes } from "./usage.ts";
import { addWebhookRoutes } from "./webhook-routes.ts";

export function openAgentPhone(deps: DialectDeps): DialectApp {
  return openDialect(
    deps,
    { showError, workspaceHeader: "X-Sub-Account-Id", isPublic, areaOf, hasIdempotencyKeys: false },
    (app) => {
      const codec = new AgentCodec(deps);
      addAgentRoutes(app, deps, codec);
      addAgentNumberRoutes(app, deps);
      addNumberRoutes(app, deps);
      addContactCardRoutes(app, deps);
      addContactRoutes(app, deps);
      addCallRoutes(app, deps);
      addOutboundCallRoutes(app, deps);
      addRecordingRoutes(app, deps);
      addTranscriptStreamRoutes(app, deps);
      addConversationRoutes(app, deps);
      addMessageRoutes(app, deps);
      addUsageRoutes(app, deps);
      addWebhookRoutes(app, deps);
      addSubAccountRoutes(app, deps);
      addRegistrationRoutes(app, deps);
      addLocationRoutes(app, deps);
      addSignUpRoutes(app, deps);
      addSipTrunkRoutes(app);
    },
  );
}

/** Recordings are fetched by whoever was given the link; nobody has a key before the sign-up. */
function isPublic(path: string): boolean {
  return /\/v1\/calls\/[^/]+\/recording$/.test(path) || /\/v0\/agent\/(sign-up|verify)$/.test(path);
}

const AREAS: Readonly<Record<string, ScopeArea>> = {
  agents: "agents",
  calls: "calls",
  numbers: "calls",
  conversations: "messages",
  messages: "messages",
  contacts: "messages",
  webhooks: "webhooks",
  usage: "usage",
  "sub-accounts": "admin",
  register: "admin",
  location: "calls",
  "sip-trunks": "admin",
};

function areaOf(path: string): ScopeArea | undefined {
  if (/\/v1\/agents\/[^/]+\/webhook(\/|$)/.test(path)) return "webhooks";
  return AREAS[/\/v1\/([^/]+)/.exec(path)?.[1] ?? ""];
}
