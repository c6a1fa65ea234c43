import { parsePhoneNumber } from "../phone-numbers/parse-phone-number.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { MessageCarrier } from "./message-carrier.ts";

const NO_CARRIER = "no carrier is connected";
const SHORT_CODE = /^\d{4,8}$/;

/**
 * Delivers between the numbers of this installation, whatever their workspaces; others are reached through the carrier
 * of the sender's number, one at a time.
 */
export function createLocalCarrier(phoneNumbers: Pick<PhoneNumberStore, "findAllActive">): MessageCarrier {
  return {
    async route({ from, recipients }) {
      const receivers = await phoneNumbers.findAllActive(recipients);
      if (receivers.length === recipients.length) return { status: "delivered", receivers };
      const reached = new Set(receivers.map(({ phoneNumber }) => phoneNumber));
      const missed = recipients.filter((recipient) => !reached.has(recipient));
      const { carrierAccountId } = from;
      if (carrierAccountId !== undefined && recipients.length === 1 && missed.every(isReachable))
        return { status: "queued", carrierAccountId, receivers };
      if (receivers.length > 0)
        return { status: "sent", error: `${NO_CARRIER} that reaches ${missed.join(", ")}`, receivers };
      const problem =
        carrierAccountId === undefined ? NO_CARRIER : "the carrier brings messages to one number at a time";
      return { status: "failed", error: problem, receivers };
    },
  };
}

function isReachable(recipient: string): boolean {
  return SHORT_CODE.test(recipient) || parsePhoneNumber(recipient) !== undefined;
}
