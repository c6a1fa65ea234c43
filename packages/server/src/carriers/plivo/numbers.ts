/** Numbers of Plivo. https://www.plivo.com/docs/numbers/api/phone-number */
import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import type { CarrierClientDeps } from "../carrier-client.ts";
import { CarrierError } from "../carrier-error.ts";
import type { AvailableNumber, CarrierNumbers, NumberKind, OwnedNumber } from "../carrier-numbers.ts";
import { withoutPlus, withPlus } from "../with-plus.ts";
import { createPlivoApi } from "./api.ts";

const KINDS: Readonly<Record<NumberKind, string>> = { local: "local", tollFree: "tollfree", mobile: "mobile" };
/** Plivo gives no more at once. */
const PAGE_SIZE = 20;

const isThere = z.boolean().nullish();
const availableShape = z.object({
  objects: z.array(
    z.object({
      number: z.string(),
      city: z.string().nullish(),
      region: z.string().nullish(),
      monthly_rental_rate: z.coerce.string().nullish(),
      ...{ voice_enabled: isThere, sms_enabled: isThere, mms_enabled: isThere },
    }),
  ),
});
const ownedPageShape = z.object({ objects: z.array(z.object({ number: z.string() })), meta: z.unknown() });

export function createPlivoNumbers(access: AccessOf<"plivo">, deps: CarrierClientDeps): CarrierNumbers {
  const api = createPlivoApi(access, deps);

  const find: CarrierNumbers["find"] = async (phoneNumber) => {
    try {
      await api.request(z.object({ number: z.string() }), { method: "GET", path: pathOf("Number", phoneNumber) });
      return { id: withoutPlus(phoneNumber), phoneNumber };
    } catch (error) {
      if (error instanceof CarrierError && error.kind === "not_found") return undefined;
      throw error;
    }
  };

  return {
    async prepare({ calls, callEvents, messages }) {
      if (access.voiceApplicationId !== undefined) return {};
      const { app_id: voiceApplicationId } = await api.request(z.object({ app_id: z.coerce.string() }), {
        method: "POST",
        path: "/Application/",
        json: {
          app_name: `Earshot ${access.id}`,
          ...{ answer_url: calls, answer_method: "POST", hangup_url: callEvents, hangup_method: "POST" },
          ...{ message_url: messages, message_method: "POST" },
        },
      });
      return { voiceApplicationId };
    },

    async search({ country, kind, areaCode, contains, capabilities, limit }) {
      const { objects } = await api.request(availableShape, {
        method: "GET",
        path: "/PhoneNumber/",
        query: {
          ...{ country_iso: country, type: KINDS[kind], services: capabilities.join(",") },
          pattern: areaCode ?? (contains === undefined ? undefined : `*${contains}*`),
          limit: String(Math.min(limit, PAGE_SIZE)),
        },
      });
      const all = objects.slice(0, limit).map((number) => toAvailable(number, country));
      return contains === undefined ? all : all.filter(({ phoneNumber }) => phoneNumber.includes(contains));
    },

    async buy({ phoneNumber, routing }) {
      const { status } = await api.request(z.object({ status: z.string() }), {
        method: "POST",
        path: pathOf("PhoneNumber", phoneNumber),
        json: { app_id: routing.voiceApplicationId },
      });
      return status === "fulfilled" ? { id: withoutPlus(phoneNumber), phoneNumber } : undefined;
    },

    find,

    async list(limit) {
      const all: OwnedNumber[] = [];
      for (let isMore = true; isMore && all.length < limit; ) {
        const query = { limit: String(PAGE_SIZE), offset: String(all.length) };
        const { objects } = await api.request(ownedPageShape, { method: "GET", path: "/Number/", query });
        all.push(...objects.map(({ number }) => ({ id: number, phoneNumber: withPlus(number) })));
        isMore = objects.length === PAGE_SIZE;
      }
      return all.slice(0, limit);
    },

    async route({ phoneNumber }, { voiceApplicationId }) {
      await api.request(z.unknown(), {
        ...{ method: "POST", path: pathOf("Number", phoneNumber), isRepeatable: true },
        json: { app_id: voiceApplicationId },
      });
    },

    async release({ phoneNumber }) {
      await api.request(z.unknown(), { method: "DELETE", path: pathOf("Number", phoneNumber) });
    },
  };
}

function pathOf(what: "Number" | "PhoneNumber", phoneNumber: string): string {
  return `/${what}/${withoutPlus(phoneNumber)}/`;
}

function toAvailable(number: z.output<typeof availableShape>["objects"][number], country: string): AvailableNumber {
  const { city, region, monthly_rental_rate: rate, voice_enabled, sms_enabled, mms_enabled } = number;
  return {
    ...{ phoneNumber: withPlus(number.number), country },
    ...(typeof city === "string" ? { locality: city } : {}),
    ...(typeof region === "string" ? { region } : {}),
    capabilities: [
      ...(voice_enabled === true ? (["voice"] as const) : []),
      ...(sms_enabled === true ? (["sms"] as const) : []),
      ...(mms_enabled === true ? (["mms"] as const) : []),
    ],
    ...(typeof rate === "string" ? { monthlyCost: { amount: rate, currency: "USD" } } : {}),
  };
}
