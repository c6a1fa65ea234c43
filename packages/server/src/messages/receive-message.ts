import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import type { CarrierIncoming } from "../carriers/carrier-messages.ts";
import { newOrderedId } from "../new-id.ts";
import { toE164 } from "../phone-numbers/parse-phone-number.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import { heed } from "./heed-message.ts";
import { madeAt } from "./made-at.ts";
import type { Message } from "./message.ts";
import { type MessageDeps, sendMessage } from "./send-message.ts";
import type { NewCopy } from "./store.ts";

const MAX_BODY_LENGTH = 10_000;
const MAX_ADDRESS_LENGTH = 320;
const MAX_MEDIA = 10;
const MAX_URL_LENGTH = 2_000;

/**
 * Stores a message that a carrier brings, once however often it comes, and does what it orders.
 * @returns undefined when the number isn't one of this account
 */
export async function receiveMessage(
  deps: MessageDeps,
  access: CarrierAccess,
  incoming: CarrierIncoming,
): Promise<Message | undefined> {
  const number = await deps.phoneNumbers.findActive(toE164(incoming.to));
  if (number?.carrierAccountId !== access.id) return undefined;
  const before = await deps.messages.findOfCarrier(number.id, incoming.id);
  // A carrier signs for good: who has seen an old START must not be able to undo a STOP with it.
  if (before?.delivery?.isHeeded === true) return before;
  const message = before ?? (await record(deps, access, number, incoming));
  if (message === undefined) return undefined;
  const keyword = await heed(deps, message);
  const reply = keyword === undefined ? undefined : access.keywordReplies[keyword];
  if (before === undefined && reply !== undefined) await confirm(deps, message, reply);
  const heeded = (current: Message) => ({ ...current, delivery: { ...current.delivery, isHeeded: true } });
  await deps.messages.change(message.id, heeded, deps.clock.now());
  return message;
}

async function record(
  deps: MessageDeps,
  { id: accountId }: CarrierAccess,
  number: PhoneNumber,
  incoming: CarrierIncoming,
): Promise<Message | undefined> {
  const at = deps.clock.now();
  const id = newOrderedId("msg", at.getTime());
  const from = toE164(clean(incoming.from, MAX_ADDRESS_LENGTH));
  const mediaUrls = incoming.mediaUrls.filter(isKept).slice(0, MAX_MEDIA);
  const owner = {
    workspaceId: number.workspaceId,
    phoneNumberId: number.id,
    ...(number.agentId === undefined ? {} : { agentId: number.agentId }),
  };
  const copy: NewCopy = {
    parties: {
      ...{ ...owner, phoneNumber: number.phoneNumber, participant: from, isGroup: false },
      participants: [{ address: from }],
    },
    message: {
      ...owner,
      id,
      direction: "inbound",
      ...{ from, to: number.phoneNumber },
      body: clean(incoming.body, MAX_BODY_LENGTH),
      mediaUrls,
      channel: mediaUrls.length > 0 ? "mms" : "sms",
      status: "received",
      reactions: [],
      carrierMessageId: incoming.id,
      delivery: { accountId },
      sent: {},
      createdAt: madeAt(deps.clock, id),
    },
  };
  const [stored] = await deps.messages.record([copy], at);
  return stored;
}

/** Also to who has just opted out. */
async function confirm(deps: MessageDeps, message: Message, body: string): Promise<void> {
  const { workspaceId, phoneNumberId, from: to } = message;
  await sendMessage(deps, workspaceId, { phoneNumberId, to, body, mediaUrls: [], delivery: { isNotice: true } });
}

function clean(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replaceAll("\0", "").toWellFormed();
}

function isKept(url: string): boolean {
  return url.length <= MAX_URL_LENGTH && /^https?:/.test(url) && URL.canParse(url);
}
