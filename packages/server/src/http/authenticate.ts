import type { Context } from "hono";
import type { Principal } from "../api-keys/scope.ts";
import type { VerifyApiKey } from "../api-keys/verify-api-key.ts";
import { AppError } from "../app-error.ts";
import type { WorkspaceStore } from "../workspaces/store.ts";
import { DEFAULT_WORKSPACE_ID } from "../workspaces/workspace.ts";
import type { AppEnv } from "./app-env.ts";
import type { PageSessions } from "./page-session.ts";

const READS = ["GET", "HEAD", "OPTIONS"];

export type AuthenticationDeps = {
  readonly verifyApiKey: VerifyApiKey;
  readonly workspaces: WorkspaceStore;
  /** Absent: only keys are accepted. */
  readonly sessions?: PageSessions;
  /** Names a workspace that the key's own one made, to act in that instead. */
  readonly workspaceHeader: string;
};

/**
 * Finds out who asks: by a valid key, or by the session of our own page.
 * @throws AppError `unauthorized`, `forbidden_origin`, `not_found` of a workspace
 */
export async function authenticate(c: Context<AppEnv>, deps: AuthenticationDeps): Promise<void> {
  const principal = await identify(c, deps);
  const wanted = c.req.header(deps.workspaceHeader);
  c.set("principal", wanted === undefined ? principal : await actIn(deps.workspaces, principal, wanted));
}

async function identify(c: Context<AppEnv>, { verifyApiKey, sessions }: AuthenticationDeps): Promise<Principal> {
  const authorization = c.req.header("Authorization");
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const principal = key === undefined ? undefined : await verifyApiKey(key);
    if (principal === undefined)
      throw new AppError("unauthorized", "the API key is not valid; send Authorization: Bearer <key>");
    return principal;
  }
  const scopes = await sessions?.scopesOf(c);
  if (scopes === undefined) throw new AppError("unauthorized", "send Authorization: Bearer <API key>");
  if (!READS.includes(c.req.method) && !isSameOrigin(c))
    throw new AppError("forbidden_origin", "only this server's own page may do that without a key");
  return { kind: "session", workspaceId: DEFAULT_WORKSPACE_ID, scopes };
}

/** @throws AppError `not_found` for workspaces that it didn't make: whether they exist is nobody's business */
async function actIn(workspaces: WorkspaceStore, principal: Principal, wanted: string): Promise<Principal> {
  if (wanted === principal.workspaceId) return principal;
  const workspace = wanted.length > 64 ? undefined : await workspaces.find(wanted);
  if (workspace?.parentId !== principal.workspaceId)
    throw new AppError("not_found", `there is no workspace "${wanted.slice(0, 64)}"`);
  return { ...principal, workspaceId: wanted };
}

/** Browsers say where a request comes from; one that doesn't say has no business with a cookie. */
function isSameOrigin(c: Context): boolean {
  const site = c.req.header("Sec-Fetch-Site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("Origin");
  const host = c.req.header("Host") ?? new URL(c.req.url).host;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
