import { AppError } from "../app-error.ts";
import { newId } from "../new-id.ts";
import type { WorkspaceStore } from "../workspaces/store.ts";
import type { PhoneNumberDeps } from "./create-phone-number.ts";
import type { PhoneNumber } from "./phone-number.ts";
import { phoneNumberNotFound } from "./read-phone-number.ts";

/**
 * Gives a number to a workspace that this one made. There it is a new one, answered by nobody yet; here it stays, released,
 * with its calls and messages.
 * @throws AppError `not_found` for the number and the workspace; `conflict` when it was released, or comes through a trunk
 */
export async function movePhoneNumber(
  deps: Pick<PhoneNumberDeps, "phoneNumbers" | "clock"> & { readonly workspaces: Pick<WorkspaceStore, "find"> },
  workspaceId: string,
  move: { readonly id: string; readonly workspaceId: string },
): Promise<PhoneNumber> {
  const target = await deps.workspaces.find(move.workspaceId);
  if (target?.parentId !== workspaceId)
    throw new AppError("not_found", `there is no workspace "${move.workspaceId}" of this one`);
  const now = deps.clock.now();
  const at = now.toISOString();
  const moved = await deps.phoneNumbers.replace(workspaceId, move.id, (current) => {
    const { phoneNumber, status } = current;
    if (status === "released") throw new AppError("conflict", `${phoneNumber} was released`);
    if (current.sipTrunkId !== undefined)
      throw new AppError(
        "conflict",
        `${phoneNumber} comes through a trunk of this workspace: set sipTrunkId to null first`,
      );
    const { agentId: _, workflowId: __, ...rest } = current;
    return [
      { ...rest, status: "released", updatedAt: at, releasedAt: at },
      { ...rest, id: newId("num", now.getTime()), workspaceId: target.id, createdAt: at, updatedAt: at },
    ];
  });
  if (moved === undefined) throw phoneNumberNotFound(move.id);
  return moved;
}
