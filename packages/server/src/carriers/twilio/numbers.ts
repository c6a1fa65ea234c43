/** Numbers of Twilio. https://www.twilio.com/docs/phone-numbers/api */
import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import type { CarrierClientDeps } from "../carrier-client.ts";
import {
  type AvailableNumber,
  type CarrierNumbers,
  NUMBER_CAPABILITIES,
  type NumberKind,
  type NumberRouting,
  type OwnedNumber,
} from "../carrier-numbers.ts";
import { createTwilioApi } from "./api.ts";

const KINDS: Readonly<Record<NumberKind, string>> = { local: "Local", tollFree: "TollFree", mobile: "Mobile" };
const PAGE_SIZE = "100";

const availableShape = z.object({
  available_phone_numbers: z.array(
    z.object({
      phone_number: z.string(),
      iso_country: z.string(),
      locality: z.string().nullish(),
      region: z.string().nullish(),
      capabilities: z.record(z.string(), z.boolean()),
    }),
  ),
});
const ownedShape = z.object({ sid: z.string(), phone_number: z.string() });
const ownedPageShape = z.object({
  incoming_phone_numbers: z.array(ownedShape),
  next_page_uri: z.string().nullish(),
});

export function createTwilioNumbers(access: AccessOf<"twilio">, deps: CarrierClientDeps): CarrierNumbers {
  const api = createTwilioApi(access, deps);
  return {
    prepare: async () => ({}),

    async search({ country, kind, areaCode, contains, capabilities, limit }) {
      const wanted = (name: (typeof NUMBER_CAPABILITIES)[number]) => (capabilities.includes(name) ? "true" : undefined);
      const answer = await api.request(availableShape, {
        method: "GET",
        path: `/AvailablePhoneNumbers/${country}/${KINDS[kind]}.json`,
        query: {
          ...{ AreaCode: areaCode, Contains: contains, PageSize: String(limit) },
          ...{ VoiceEnabled: wanted("voice"), SmsEnabled: wanted("sms"), MmsEnabled: wanted("mms") },
        },
      });
      return answer.available_phone_numbers.slice(0, limit).map(toAvailable);
    },

    async buy({ phoneNumber, routing }) {
      const form = { PhoneNumber: phoneNumber, ...toForm(routing) };
      return toOwned(await api.request(ownedShape, { method: "POST", path: "/IncomingPhoneNumbers.json", form }));
    },

    async find(phoneNumber) {
      const query = { PhoneNumber: phoneNumber };
      const answer = await api.request(ownedPageShape, { method: "GET", path: "/IncomingPhoneNumbers.json", query });
      const found = answer.incoming_phone_numbers.find((number) => number.phone_number === phoneNumber);
      return found === undefined ? undefined : toOwned(found);
    },

    async list(limit) {
      const all: OwnedNumber[] = [];
      let path: string | undefined = `/IncomingPhoneNumbers.json?PageSize=${PAGE_SIZE}`;
      while (path !== undefined && all.length < limit) {
        const answer: z.output<typeof ownedPageShape> = await api.request(ownedPageShape, { method: "GET", path });
        all.push(...answer.incoming_phone_numbers.map(toOwned));
        path = /\/IncomingPhoneNumbers\.json\?.*$/.exec(answer.next_page_uri ?? "")?.[0];
      }
      return all.slice(0, limit);
    },

    async route({ id }, routing) {
      await api.request(ownedShape, {
        method: "POST",
        path: `/IncomingPhoneNumbers/${id}.json`,
        form: toForm(routing),
        isRepeatable: true,
      });
    },

    async release({ id }) {
      await api.request(z.unknown(), { method: "DELETE", path: `/IncomingPhoneNumbers/${id}.json` });
    },
  };
}

function toForm({ urls }: NumberRouting) {
  return {
    ...{ VoiceUrl: urls.calls, VoiceMethod: "POST" },
    ...{ StatusCallback: urls.callEvents, StatusCallbackMethod: "POST" },
    ...{ SmsUrl: urls.messages, SmsMethod: "POST" },
  };
}

function toOwned({ sid, phone_number }: z.output<typeof ownedShape>): OwnedNumber {
  return { id: sid, phoneNumber: phone_number };
}

/** Twilio writes sms in capitals here. */
function toAvailable(number: z.output<typeof availableShape>["available_phone_numbers"][number]): AvailableNumber {
  const { phone_number: phoneNumber, iso_country: country, locality, region } = number;
  const named = new Map(Object.entries(number.capabilities).map(([name, isThere]) => [name.toLowerCase(), isThere]));
  return {
    ...{ phoneNumber, country },
    ...(typeof locality === "string" ? { locality } : {}),
    ...(typeof region === "string" ? { region } : {}),
    capabilities: NUMBER_CAPABILITIES.filter((name) => named.get(name) === true),
  };
}
