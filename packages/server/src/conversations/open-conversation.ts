import { AppError } from "../app-error.ts";
import { parseDestination } from "../messages/parse-destination.ts";
import { readPhoneNumber } from "../phone-numbers/read-phone-number.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Conversation } from "./conversation.ts";
import type { ConversationStore } from "./store.ts";

/**
 * The conversation between a number of the workspace and somebody; made when there is none.
 * @throws AppError `not_found` for the number, `conflict` when it was released, `invalid_request`
 */
export async function openConversation(
  deps: {
    readonly conversations: ConversationStore;
    readonly phoneNumbers: PhoneNumberStore;
    readonly clock: WallClock;
  },
  workspaceId: string,
  request: { readonly phoneNumberId: string; readonly participant: string },
): Promise<Conversation> {
  const number = await readPhoneNumber(deps.phoneNumbers, workspaceId, request.phoneNumberId);
  if (number.status === "released") throw new AppError("conflict", `${number.phoneNumber} was released`);
  const participant = parseDestination(request.participant, "participant");
  const parties = {
    workspaceId,
    phoneNumberId: number.id,
    phoneNumber: number.phoneNumber,
    agentId: number.agentId,
    participant,
    isGroup: false,
    participants: [{ address: participant }],
  };
  return deps.conversations.open(parties, deps.clock.now());
}
