import { AppError } from "../app-error.ts";
import type { Message } from "./message.ts";
import type { MessageStore } from "./store.ts";

/** @throws AppError `not_found` */
export async function readMessage(store: MessageStore, workspaceId: string, id: string): Promise<Message> {
  const message = await store.find(workspaceId, id);
  if (message === undefined) throw new AppError("not_found", `there is no message "${id}"`);
  return message;
}
