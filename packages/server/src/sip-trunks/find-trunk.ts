import { AppError } from "../app-error.ts";
import { type ResourceDeps, Resources } from "../documents/resource.ts";
import type { Vault } from "../secrets/vault.ts";
import { type SipTrunk, sipTrunkKind } from "./sip-trunk.ts";
import { openSipPassword } from "./write-sip-trunk.ts";

/** A trunk with what opens it. */
export type SipTrunkAccess = Pick<SipTrunk, "host" | "port" | "transport" | "username"> & {
  readonly password?: string | undefined;
};

/** Undefined when there is no such trunk any more. */
export type FindTrunk = (workspaceId: string, id: string) => Promise<SipTrunkAccess | undefined>;

export function createFindTrunk(deps: ResourceDeps & { readonly vault: Vault }): FindTrunk {
  const trunks = new Resources(deps, sipTrunkKind);
  return async (workspaceId, id) => {
    try {
      const trunk = await trunks.read(workspaceId, id);
      return { ...trunk, password: openSipPassword(deps.vault, workspaceId, trunk) };
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found") return undefined;
      throw error;
    }
  };
}
