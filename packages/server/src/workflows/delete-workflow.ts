import { AppError } from "../app-error.ts";
import type { Resources } from "../documents/resource.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { workflowKind } from "./workflow.ts";

/** Calls under way keep their definition. @throws AppError `not_found`; `conflict` while numbers run it */
export async function deleteWorkflow(
  deps: { readonly workflows: Resources<typeof workflowKind.shape>; readonly phoneNumbers: PhoneNumberStore },
  workspaceId: string,
  id: string,
): Promise<void> {
  await deps.workflows.read(workspaceId, id);
  const users = await deps.phoneNumbers.count(workspaceId, { workflowId: id, status: "active" });
  if (users > 0) throw new AppError("conflict", `${users} phone numbers run this workflow: detach them first`);
  await deps.workflows.delete(workspaceId, id);
}
