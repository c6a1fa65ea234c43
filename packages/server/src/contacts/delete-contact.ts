import type { ContactDeps } from "./create-contact.ts";
import { contactNotFound } from "./read-contact.ts";

/** What was said with them stays. @throws AppError `not_found` */
export async function deleteContact({ contacts }: ContactDeps, workspaceId: string, id: string): Promise<void> {
  if (!(await contacts.remove(workspaceId, id))) throw contactNotFound(id);
}
