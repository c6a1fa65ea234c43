import type { ScopeArea } from "../../http/require-scope.ts";
import { type DialectApp, type DialectDeps, openDialect } from "../kit/open-dialect.ts";
import { createAccounts } from "./accounts.ts";
import { addAgentRoutes } from "./agent-routes.ts";
import { addCallRoutes } from "./call-routes.ts";
import { showError } from "./errors.ts";
import { addRecordingRoute, isRecordingPath } from "./recording-links.ts";
import { addWebhookRoutes } from "./webhook-routes.ts";

/** Voicy's API: `/v1/list-agents`, … and, in the current generation, `/functions/v1/agent-list`, … */
export function openVoicy(deps: DialectDeps): DialectApp {
  const findAccount = createAccounts(deps);
  return openDialect(
    deps,
    { showError, workspaceHeader: "Earshot-Workspace", isPublic: isRecordingPath, areaOf },
    (app) => {
      addAgentRoutes(app, deps, findAccount);
      addCallRoutes(app, deps, findAccount);
      addRecordingRoute(app, deps);
      addWebhookRoutes(app, deps);
    },
  );
}

/** Lists of calls check by themselves: they are read by POST. */
function areaOf(path: string): ScopeArea | undefined {
  const verb = /\/v1\/([a-z-]+)/.exec(path)?.[1] ?? "";
  if (verb === "agent-webhooks") return "webhooks";
  if (verb.includes("agent")) return "agents";
  return verb.includes("call") && verb !== "list-calls" && verb !== "call-list" ? "calls" : undefined;
}
