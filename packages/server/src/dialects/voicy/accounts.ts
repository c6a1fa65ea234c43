import type { WallClock } from "../../wall-clock.ts";
import type { WorkspaceStore } from "../../workspaces/store.ts";
import { toVoicyId } from "./voicy-id.ts";

/** The workspace, as Voicy shows whose an agent or a call is. */
export type Account = { readonly id: string; readonly name: string };
export type FindAccount = (workspaceId: string) => Promise<Account>;

/** How long a new name of a workspace may take to be seen. */
const KNOWN_MS = 30_000;
/** Beyond it all names are asked for anew. */
const MAX_KNOWN = 1000;

/** Remembers names for a while: reading an agent must not cost a second statement. */
export function createAccounts(deps: { readonly workspaces: WorkspaceStore; readonly clock: WallClock }): FindAccount {
  const known = new Map<string, { readonly account: Account; readonly untilMs: number }>();
  return async (workspaceId) => {
    const nowMs = deps.clock.now().getTime();
    const found = known.get(workspaceId);
    if (found !== undefined && found.untilMs > nowMs) return found.account;
    const workspace = await deps.workspaces.find(workspaceId);
    const account = { id: toVoicyId(workspaceId), name: workspace?.name ?? workspaceId };
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(workspaceId, { account, untilMs: nowMs + KNOWN_MS });
    return account;
  };
}
