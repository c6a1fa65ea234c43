import { z } from "zod";
import { Resources } from "../../documents/resource.ts";
import { storableText } from "../../storable-text.ts";
import { toEpochMs } from "../../wall-clock.ts";
import { DEFAULT_WORKSPACE_ID } from "../../workspaces/workspace.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { refuse } from "./errors.ts";
import { readBody } from "./requests.ts";

const LASTS_MS = 24 * 3_600_000;
/** Anybody may sign up: beyond this many the oldest are dropped. */
const MAX_KEPT = 1000;

const signUpShape = z.looseObject({
  human_email: z.email().max(320),
  agent_name: storableText({ max: 200 }).nullish(),
});
const verifyShape = z.looseObject({
  verification_id: storableText({ min: 1, max: 64 }),
  otp_code: storableText({ min: 1, max: 20 }),
  source: storableText({ max: 200 }).nullish(),
});
const keptShape = z.object({ human_email: z.string(), agent_name: z.string().nullish(), expires_at: z.string() });
const KIND = { name: "agentphone-sign-up", idPrefix: "ver", title: "sign-up", shape: keptShape };

/** Without a mail service nobody gets a code: sign-ups are kept for the operator, who makes keys. */
export function addSignUpRoutes(app: DialectApp, deps: DialectDeps): void {
  const signUps = new Resources(deps, KIND);

  app.post("/v0/agent/sign-up", async (c) => {
    const { human_email, agent_name } = (await readBody(c, signUpShape)).given;
    const expires_at = deps.clock.at(deps.clock.now().getTime() + LASTS_MS).toISOString();
    const { id } = await signUps.create(DEFAULT_WORKSPACE_ID, { human_email, agent_name, expires_at });
    for (const old of await signUps.list(DEFAULT_WORKSPACE_ID, { limit: 20, offset: MAX_KEPT }))
      await deps.documents.remove({ workspaceId: DEFAULT_WORKSPACE_ID, kind: KIND.name }, old.id);
    const message = "Your sign-up is kept, but this server sends no mail: ask whoever runs it for an API key.";
    return c.json({ verification_id: id, human_email, expires_at, message });
  });

  app.post("/v0/agent/verify", async (c) => {
    const { verification_id: id } = (await readBody(c, verifyShape)).given;
    const { expires_at } = await signUps.read(DEFAULT_WORKSPACE_ID, id);
    if (toEpochMs(expires_at) <= deps.clock.now().getTime())
      throw refuse("VERIFICATION_EXPIRED", "this sign-up has expired: sign up again");
    throw refuse("VERIFICATION_UNAVAILABLE", "no code was sent, as this server sends no mail: ask for an API key");
  });
}
