import type { Message } from "./message.ts";
import type { MessageFilter, MessageStore } from "./store.ts";

/** Newest first. @param request `limit`: at most 200 */
export async function listMessages(
  store: MessageStore,
  workspaceId: string,
  request: MessageFilter & { readonly limit: number },
): Promise<{ readonly data: readonly Message[]; readonly hasMore: boolean }> {
  const { limit } = request;
  const found = await store.list(workspaceId, { ...request, limit: limit + 1 });
  return { data: found.slice(0, limit), hasMore: found.length > limit };
}
