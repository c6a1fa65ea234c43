import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { MessageCarrier } from "./message-carrier.ts";

const NO_CARRIER = "no carrier is connected";

/** Delivers between the numbers of this installation, whatever their workspaces; others can't be reached. */
export function createLocalCarrier(phoneNumbers: PhoneNumberStore): MessageCarrier {
  return {
    async route({ recipients }) {
      const receivers = await phoneNumbers.findAllActive(recipients);
      if (receivers.length === 0) return { status: "failed", error: NO_CARRIER, receivers };
      if (receivers.length === recipients.length) return { status: "delivered", receivers };
      const reached = new Set(receivers.map(({ phoneNumber }) => phoneNumber));
      const missed = recipients.filter((recipient) => !reached.has(recipient));
      return { status: "sent", error: `${NO_CARRIER} that reaches ${missed.join(", ")}`, receivers };
    },
  };
}
