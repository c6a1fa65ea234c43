/** Hands queued messages to their carrier, each at most once. */
import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import type { FindCarrierAccount } from "../carrier-accounts/find-carrier-account.ts";
import type { CarrierClientDeps } from "../carriers/carrier-client.ts";
import { CarrierError } from "../carriers/carrier-error.ts";
import type { CarrierOutgoing } from "../carriers/carrier-messages.ts";
import { toCarrierUrls } from "../carriers/carrier-urls.ts";
import { openCarrierMessages } from "../carriers/open-carrier-messages.ts";
import type { OptOutStore } from "../opt-outs/store.ts";
import { toEpochMs, type WallClock } from "../wall-clock.ts";
import { checkMedia } from "./check-media.ts";
import type { Message } from "./message.ts";
import type { MessageStore } from "./store.ts";

export type DeliverDeps = {
  readonly messages: MessageStore;
  readonly optOuts: OptOutStore;
  readonly findCarrierAccount: FindCarrierAccount;
  readonly carrierGuard: CarrierClientDeps["guard"];
  readonly publicUrl: string | undefined;
  readonly clock: WallClock;
};

/** A message that its carrier hasn't taken by then is given up. */
const GIVE_UP_AFTER_MS = 8 * 3_600_000;
/** Longer than any request to a carrier: the process that made it is gone. */
const ATTEMPT_LASTS_MS = 60_000;

/**
 * Sends a message that waits for its carrier; any other is left alone.
 * @throws Error when it is to be tried again later
 */
export async function deliverMessage(deps: DeliverDeps, id: string): Promise<void> {
  const message = await deps.messages.findAnywhere(id);
  if (message?.status !== "queued" || message.delivery?.accountId === undefined) return;
  const now = deps.clock.now();
  const access = await deps.findCarrierAccount(message.delivery.accountId);
  const refusal = access === undefined ? "its carrier account is gone" : await refusalOf(deps, message);
  if (access === undefined || refusal !== undefined) return fail(deps, id, refusal ?? "");
  const outgoing = toOutgoing(deps, access, message);
  const { attemptedAt } = message.delivery;
  if (attemptedAt !== undefined) {
    if (now.getTime() - toEpochMs(attemptedAt) < ATTEMPT_LASTS_MS) throw new Error("it is being sent");
    if (await settle(deps, { access, message, outgoing, attemptedAt })) return;
  }
  if (now.getTime() - toEpochMs(message.createdAt) > GIVE_UP_AFTER_MS)
    return fail(deps, id, "the carrier could not be reached for hours");
  const problem = await checkMedia(deps.carrierGuard, message.mediaUrls);
  if (problem !== undefined) return fail(deps, id, problem);
  await send(deps, { access, message, outgoing });
}

type Held = { readonly access: CarrierAccess; readonly message: Message; readonly outgoing: CarrierOutgoing };

async function send(deps: DeliverDeps, { access, message, outgoing }: Held): Promise<void> {
  const { messages, clock } = deps;
  const attemptedAt = clock.now().toISOString();
  // Only one of those that try at once goes on.
  const claimed = await messages.change(
    message.id,
    (current) =>
      current.status === "queued" && current.delivery?.attemptedAt === message.delivery?.attemptedAt
        ? { ...current, delivery: { ...current.delivery, attemptedAt } }
        : undefined,
    clock.now(),
  );
  if (claimed === undefined) return;
  try {
    await markSent(deps, message.id, await carrierOf(deps, access).send(outgoing));
  } catch (error) {
    if (!(error instanceof CarrierError) || error.kind === "uncertain") throw error;
    if (!error.isPassing) return fail(deps, message.id, error.message, error.code);
    await messages.change(
      message.id,
      ({ delivery: { attemptedAt: _, ...delivery } = {}, ...current }) => ({ ...current, delivery }),
      clock.now(),
    );
    throw error;
  }
}

/** Finds out what became of an attempt whose answer was lost. False: the carrier never had it. */
async function settle(
  deps: DeliverDeps,
  { access, message, outgoing, attemptedAt }: Held & { readonly attemptedAt: string },
): Promise<boolean> {
  const carrier = carrierOf(deps, access);
  if (carrier.findSent === undefined) {
    await fail(deps, message.id, "the carrier's answer was lost: it may have been sent");
    return true;
  }
  const sentId = await carrier.findSent(outgoing, toEpochMs(attemptedAt));
  if (sentId === undefined) return false;
  await markSent(deps, message.id, sentId);
  return true;
}

async function markSent({ messages, clock }: DeliverDeps, id: string, carrierMessageId: string): Promise<void> {
  await messages.change(
    id,
    (current) => ({
      ...current,
      carrierMessageId,
      // A receipt may have been faster.
      status: current.status === "queued" ? "sent" : current.status,
    }),
    clock.now(),
  );
}

async function fail({ messages, clock }: DeliverDeps, id: string, error: string, code?: string): Promise<void> {
  await messages.change(
    id,
    (current) =>
      current.status === "queued"
        ? {
            ...current,
            status: "failed",
            error,
            delivery: { ...current.delivery, ...(code === undefined ? {} : { code }) },
          }
        : undefined,
    clock.now(),
  );
}

/** Who opted out while the message waited isn't written to. */
async function refusalOf({ optOuts }: DeliverDeps, message: Message): Promise<string | undefined> {
  if (message.delivery?.isNotice === true) return undefined;
  const { workspaceId, from: phoneNumber, to } = message;
  const [optedOut] = await optOuts.among({ workspaceId, phoneNumber }, [to]);
  return optedOut === undefined ? undefined : `${optedOut} asked not to be written to (STOP)`;
}

function toOutgoing({ publicUrl }: DeliverDeps, { id }: CarrierAccess, message: Message): CarrierOutgoing {
  const { from, to, body, mediaUrls } = message;
  return { from, to, body, mediaUrls, receiptUrl: toCarrierUrls(publicUrl, id).receipts(message.id) };
}

function carrierOf({ carrierGuard: guard, clock }: DeliverDeps, access: CarrierAccess) {
  return openCarrierMessages(access, { guard, clock });
}
