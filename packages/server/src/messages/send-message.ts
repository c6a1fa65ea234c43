import type { AgentStore } from "../agents/store.ts";
import type { SentByDialect } from "../agents/stored-agent.ts";
import { AppError, invalidField } from "../app-error.ts";
import type { CarrierJobs } from "../carriers/carrier-jobs.ts";
import type { MessageCarrier } from "../carriers/message-carrier.ts";
import type { Participant } from "../conversations/conversation.ts";
import type { ConversationStore } from "../conversations/store.ts";
import { newId, newOrderedId } from "../new-id.ts";
import type { OptOutStore } from "../opt-outs/store.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { WallClock } from "../wall-clock.ts";
import { findSender } from "./find-sender.ts";
import { heed } from "./heed-message.ts";
import { madeAt } from "./made-at.ts";
import type { Message, MessageDelivery, NewMessage } from "./message.ts";
import { isGroupId, parseDestination } from "./parse-destination.ts";
import type { MessageStore, NewCopy } from "./store.ts";

export type MessageDeps = {
  readonly messages: MessageStore;
  readonly conversations: ConversationStore;
  readonly phoneNumbers: PhoneNumberStore;
  readonly messageCarrier: MessageCarrier;
  readonly optOuts: OptOutStore;
  readonly agents: AgentStore;
  readonly carrierJobs: Pick<CarrierJobs, "sendMessage" | "answerMessage">;
  readonly clock: WallClock;
};

/** To whom a message goes, as its sender sees it. */
type Audience = {
  /** A number, a short code, an address, or a group's id. */
  readonly participant: string;
  readonly isGroup: boolean;
  readonly groupName?: string | undefined;
  readonly recipients: readonly string[];
};

/**
 * Sends a message. Who has a number of this installation has it at once, in a conversation of their own; to anybody
 * else the sender's carrier brings it, and it has the status `failed` where there is none.
 * @param input `delivery`: what is noted with it besides
 * @throws AppError `invalid_request` naming the field; `not_found` for a number or group of another workspace;
 *   `opted_out` for who asked not to be written to
 */
export async function sendMessage(
  deps: MessageDeps,
  workspaceId: string,
  input: NewMessage & { readonly sent?: SentByDialect; readonly delivery?: MessageDelivery },
): Promise<Message> {
  const { body, mediaUrls, sent = {}, delivery = {} } = input;
  if (body === "" && mediaUrls.length === 0) throw invalidField("body", "must not be empty without mediaUrls");
  const from = await findSender(deps.phoneNumbers, workspaceId, input);
  const audience = await findAudience(deps, from, input, deps.clock.now().getTime());
  const replyToOriginId = await findReplied(deps, from, audience, input.replyToId);
  if (delivery.isNotice !== true) await refuseOptedOut(deps, from, audience.recipients);
  const route = await deps.messageCarrier.route({ from, recipients: audience.recipients, body, mediaUrls });
  const at = deps.clock.now();
  const originId = newOrderedId("msg", at.getTime());
  const content = {
    from: from.phoneNumber,
    body,
    mediaUrls: [...mediaUrls],
    channel: mediaUrls.length > 0 || audience.isGroup ? ("mms" as const) : ("sms" as const),
    reactions: [],
    createdAt: madeAt(deps.clock, originId),
  };
  const own: NewCopy = {
    parties: toParties(from, audience),
    message: {
      ...content,
      ...ownerOf(from),
      id: originId,
      direction: "outbound",
      to: audience.participant,
      status: route.status,
      ...(route.error === undefined ? {} : { error: route.error }),
      ...toDelivery(delivery, route.carrierAccountId),
      sent,
    },
    replyToOriginId,
  };
  const copies = route.receivers.map((receiver): NewCopy => {
    const seen = audienceOf(receiver, from, audience);
    return {
      parties: toParties(receiver, seen),
      message: {
        ...content,
        ...ownerOf(receiver),
        id: newOrderedId("msg", at.getTime()),
        originId,
        direction: "inbound",
        to: audience.isGroup ? audience.participant : receiver.phoneNumber,
        status: "received",
        sent: {},
      },
      replyToOriginId,
    };
  });
  const [stored, ...received] = await deps.messages.record([own, ...copies], at);
  if (stored === undefined) throw new Error("a recorded message is gone");
  if (stored.status === "queued") await deps.carrierJobs.sendMessage(stored.id);
  for (const copy of received) await heed(deps, copy);
  return stored;
}

async function refuseOptedOut(
  { optOuts }: MessageDeps,
  { workspaceId, phoneNumber }: PhoneNumber,
  recipients: readonly string[],
): Promise<void> {
  const [optedOut] = await optOuts.among({ workspaceId, phoneNumber }, recipients);
  if (optedOut !== undefined)
    throw new AppError("opted_out", `${optedOut} asked not to be written to from ${phoneNumber} (STOP)`);
}

function toDelivery(delivery: MessageDelivery, accountId: string | undefined): Pick<Message, "delivery"> {
  const whole = { ...delivery, ...(accountId === undefined ? {} : { accountId }) };
  return Object.keys(whole).length === 0 ? {} : { delivery: whole };
}

async function findAudience(deps: MessageDeps, from: PhoneNumber, input: NewMessage, nowMs: number): Promise<Audience> {
  const { to, recipients, groupName } = input;
  if (recipients !== undefined) {
    if (to !== undefined) throw invalidField("recipients", "must not be given together with `to`");
    const all = [...new Set(recipients.map((one, index) => parseDestination(one, `recipients.${index}`)))];
    if (all.includes(from.phoneNumber)) throw invalidField("recipients", "must not hold the sender");
    if (all.length < 2) throw invalidField("recipients", "must be at least two different ones");
    return { participant: newId("grp", nowMs), isGroup: true, groupName, recipients: all };
  }
  if (to === undefined) throw invalidField("to", "must be given, or `recipients`");
  if (isGroupId(to)) return audienceOfGroup(deps, from, to);
  const participant = parseDestination(to, "to");
  if (participant === from.phoneNumber) throw invalidField("to", "must not be the sender");
  return { participant, isGroup: false, recipients: [participant] };
}

async function audienceOfGroup(
  { conversations }: MessageDeps,
  { workspaceId, id }: PhoneNumber,
  groupId: string,
): Promise<Audience> {
  const group = await conversations.findByParties(workspaceId, { phoneNumberId: id, participant: groupId });
  if (group === undefined) throw new AppError("not_found", `the sender is in no group "${groupId}"`);
  const recipients = group.participants.map(({ address }) => address);
  return { participant: groupId, isGroup: true, groupName: group.groupName, recipients };
}

/** The sender's copy of the message that is answered. */
async function findReplied(
  { messages, conversations }: MessageDeps,
  { workspaceId, id }: PhoneNumber,
  { participant }: Audience,
  replyToId: string | undefined,
): Promise<string | undefined> {
  if (replyToId === undefined) return undefined;
  const [replied, conversation] = [
    await messages.find(workspaceId, replyToId),
    await conversations.findByParties(workspaceId, { phoneNumberId: id, participant }),
  ];
  if (replied === undefined || replied.conversationId !== conversation?.id)
    throw invalidField("replyToId", "must be a message of the same conversation");
  return replied.originId ?? replied.id;
}

/** The same group, or the same two, as a receiver sees them. */
function audienceOf(receiver: PhoneNumber, from: PhoneNumber, audience: Audience): Audience {
  if (!audience.isGroup) return { participant: from.phoneNumber, isGroup: false, recipients: [from.phoneNumber] };
  const others = audience.recipients.filter((recipient) => recipient !== receiver.phoneNumber);
  return { ...audience, recipients: [from.phoneNumber, ...others] };
}

function toParties(number: PhoneNumber, { participant, isGroup, groupName, recipients }: Audience): NewCopy["parties"] {
  const participants = recipients.map((address): Participant => ({ address }));
  return { ...ownerOf(number), phoneNumber: number.phoneNumber, participant, isGroup, groupName, participants };
}

function ownerOf({ workspaceId, id, agentId }: PhoneNumber) {
  return { workspaceId, phoneNumberId: id, ...(agentId === undefined ? {} : { agentId }) };
}
