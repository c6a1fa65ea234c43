/** Numbers of Telnyx. https://developers.telnyx.com/docs/numbers/phone-numbers/number-orders */
import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import { pause } from "../../wall-clock.ts";
import type { CarrierClientDeps } from "../carrier-client.ts";
import { CarrierError } from "../carrier-error.ts";
import {
  type AvailableNumber,
  type CarrierNumbers,
  NUMBER_CAPABILITIES,
  type NumberKind,
  type OwnedNumber,
} from "../carrier-numbers.ts";
import { createTelnyxApi } from "./api.ts";

const KINDS: Readonly<Record<NumberKind, string>> = { local: "local", tollFree: "toll_free", mobile: "mobile" };
const PAGE_SIZE = 250;
/** An order without legal requirements is filled within seconds. */
const ORDER_POLLS = 10;
const ORDER_POLL_MS = 1_000;

const madeShape = z.object({ data: z.object({ id: z.string() }) });
const availableShape = z.object({
  data: z.array(
    z.object({
      phone_number: z.string(),
      region_information: z.array(z.object({ region_type: z.string(), region_name: z.string() })).nullish(),
      cost_information: z.object({ monthly_cost: z.string(), currency: z.string().optional() }).nullish(),
      features: z.array(z.object({ name: z.string() })).nullish(),
    }),
  ),
});
const orderShape = z.object({ data: z.object({ id: z.string(), status: z.string() }) });
const ownedPageShape = z.object({
  data: z.array(z.object({ id: z.string(), phone_number: z.string() })),
  meta: z.object({ total_pages: z.number() }).nullish(),
});

export function createTelnyxNumbers(access: AccessOf<"telnyx">, deps: CarrierClientDeps): CarrierNumbers {
  const api = createTelnyxApi(access, deps);
  const page = (query: Readonly<Record<string, string>>) =>
    api.request(ownedPageShape, { method: "GET", path: "/phone_numbers", query });

  const find: CarrierNumbers["find"] = async (phoneNumber) => {
    const { data } = await page({ "filter[phone_number]": phoneNumber, "page[size]": "1" });
    const found = data.find(({ phone_number }) => phone_number === phoneNumber);
    return found === undefined ? undefined : toOwned(found);
  };

  const isFilled = async (orderId: string): Promise<boolean> => {
    const path = `/number_orders/${orderId}`;
    for (let poll = 0; poll < ORDER_POLLS; poll++) {
      const { status } = (await api.request(orderShape, { method: "GET", path })).data;
      if (status === "success") return true;
      if (status === "failure")
        throw new CarrierError({ provider: "telnyx", kind: "refused", text: "the order failed: the number is taken" });
      await pause(deps.clock, ORDER_POLL_MS);
    }
    return false;
  };

  return {
    async prepare({ calls, messages }) {
      const { voiceApplicationId, messagingProfileId } = access;
      const name = `Earshot ${access.id}`;
      const make = async (path: string, json: object) =>
        (await api.request(madeShape, { method: "POST", path, json })).data.id;
      return {
        voiceApplicationId:
          voiceApplicationId ??
          (await make("/call_control_applications", {
            ...{ application_name: name, webhook_event_url: calls, webhook_api_version: "2" },
          })),
        messagingProfileId:
          messagingProfileId ??
          (await make("/messaging_profiles", {
            ...{ name, enabled: true, whitelisted_destinations: ["*"] },
            ...{ webhook_url: messages, webhook_api_version: "2" },
          })),
      };
    },

    async search({ country, kind, areaCode, contains, capabilities, limit }) {
      const { data } = await api.request(availableShape, {
        method: "GET",
        path: "/available_phone_numbers",
        query: {
          "filter[country_code]": country,
          "filter[phone_number_type]": KINDS[kind],
          "filter[national_destination_code]": areaCode,
          "filter[phone_number][contains]": contains,
          "filter[features][]": capabilities,
          "filter[limit]": String(limit),
        },
      });
      return data.slice(0, limit).map((number) => toAvailable(number, country));
    },

    async buy({ phoneNumber, reference, routing }) {
      const { data } = await api.request(orderShape, {
        method: "POST",
        path: "/number_orders",
        json: {
          phone_numbers: [{ phone_number: phoneNumber }],
          connection_id: routing.voiceApplicationId,
          messaging_profile_id: routing.messagingProfileId,
          customer_reference: reference,
        },
      });
      return (await isFilled(data.id)) ? find(phoneNumber) : undefined;
    },

    find,

    async list(limit) {
      const all: OwnedNumber[] = [];
      for (let number = 1, pages = 1; number <= pages && all.length < limit; number++) {
        const { data, meta } = await page({ "page[number]": String(number), "page[size]": String(PAGE_SIZE) });
        all.push(...data.map(toOwned));
        pages = meta?.total_pages ?? 1;
      }
      return all.slice(0, limit);
    },

    async route({ id }, { voiceApplicationId, messagingProfileId }) {
      const path = `/phone_numbers/${id}`;
      const change = { method: "PATCH", isRepeatable: true } as const;
      await api.request(z.unknown(), { ...change, path, json: { connection_id: voiceApplicationId } });
      await api.request(z.unknown(), {
        ...change,
        path: `${path}/messaging`,
        json: { messaging_profile_id: messagingProfileId },
      });
    },

    async release({ id }) {
      await api.request(z.unknown(), { method: "DELETE", path: `/phone_numbers/${id}` });
    },
  };
}

function toOwned({ id, phone_number }: { readonly id: string; readonly phone_number: string }): OwnedNumber {
  return { id, phoneNumber: phone_number };
}

function toAvailable(number: z.output<typeof availableShape>["data"][number], country: string): AvailableNumber {
  const { region_information: regions, cost_information: cost, features } = number;
  const named = (type: string) => regions?.find(({ region_type }) => region_type === type)?.region_name;
  const [locality, region] = [named("location") ?? named("rate_center"), named("state")];
  const currency = cost?.currency === undefined ? {} : { currency: cost.currency };
  return {
    ...{ phoneNumber: number.phone_number, country },
    ...(locality === undefined ? {} : { locality }),
    ...(region === undefined ? {} : { region }),
    capabilities: NUMBER_CAPABILITIES.filter((name) => features?.some((feature) => feature.name === name) === true),
    ...(cost === null || cost === undefined ? {} : { monthlyCost: { amount: cost.monthly_cost, ...currency } }),
  };
}
