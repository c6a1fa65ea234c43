import { AppError } from "../app-error.ts";
import { type ResourceDeps, Resources } from "../documents/resource.ts";
import { sipTrunkKind } from "./sip-trunk.ts";

/** The host of a trunk; undefined when there is no such trunk any more. */
export function createFindTrunkHost(
  deps: ResourceDeps,
): (workspaceId: string, id: string) => Promise<string | undefined> {
  const trunks = new Resources(deps, sipTrunkKind);
  return async (workspaceId, id) => {
    try {
      return (await trunks.read(workspaceId, id)).host;
    } catch (error) {
      if (error instanceof AppError && error.code === "not_found") return undefined;
      throw error;
    }
  };
}
