/** Numbers of Vonage, tied to the account's application. https://developer.vonage.com/en/api/numbers */
import { z } from "zod";
import type { AccessOf } from "../../carrier-accounts/carrier-account.ts";
import type { CarrierClientDeps } from "../carrier-client.ts";
import { CarrierError } from "../carrier-error.ts";
import {
  type AvailableNumber,
  type CarrierNumbers,
  NUMBER_CAPABILITIES,
  type NumberKind,
  type OwnedNumber,
} from "../carrier-numbers.ts";
import { withoutPlus, withPlus } from "../with-plus.ts";
import { createVonageAccountApi, createVonageApplicationsApi } from "./api.ts";

const KINDS: Readonly<Record<NumberKind, string>> = {
  local: "landline",
  tollFree: "landline-toll-free",
  mobile: "mobile-lvn",
};
const PAGE_SIZE = 100;
/** How `pattern` is looked for. */
const STARTS_WITH = "0";
const CONTAINS = "1";

const numberShape = z.object({
  country: z.string(),
  msisdn: z.string(),
  cost: z.string().nullish(),
  features: z.array(z.string()).nullish(),
});
const pageShape = z.object({ count: z.number().default(0), numbers: z.array(numberShape).default([]) });
const doneShape = z.object({ "error-code": z.string(), "error-code-label": z.string().optional() });
const applicationShape = z.looseObject({
  name: z.string(),
  capabilities: z.record(z.string(), z.unknown()).default({}),
});

/** Vonage needs the country in every order: it is part of the id. */
export function createVonageNumbers(access: AccessOf<"vonage">, deps: CarrierClientDeps): CarrierNumbers {
  const api = createVonageAccountApi(access, deps);
  const applications = createVonageApplicationsApi(access, deps);

  const order = async (path: string, { id, phoneNumber }: OwnedNumber, more: Readonly<Record<string, string>> = {}) => {
    const [country = ""] = id.split(":");
    const form = { country, msisdn: withoutPlus(phoneNumber), ...more };
    const isRepeatable = path === "/number/update";
    const done = await api.request(doneShape, { method: "POST", path, form, isRepeatable });
    const { "error-code": code, "error-code-label": text = "it refused" } = done;
    if (code !== "200") throw new CarrierError({ provider: "vonage", kind: "refused", text, code });
  };
  const owned = (query: Readonly<Record<string, string>>) =>
    api.request(pageShape, { method: "GET", path: "/account/numbers", query });

  return {
    async prepare({ calls, callEvents, messages, receipts }) {
      const { applicationId } = access.credentials;
      if (applicationId === undefined) {
        const text = "credentials.applicationId and credentials.privateKey of an application are needed for numbers";
        throw new CarrierError({ provider: "vonage", kind: "refused", text });
      }
      const path = `/v2/applications/${applicationId}`;
      const { name, capabilities } = await applications.request(applicationShape, { method: "GET", path });
      const hook = (address: string) => ({ address, http_method: "POST" });
      const voice = { webhooks: { answer_url: hook(calls), event_url: hook(callEvents) } };
      const texting = { webhooks: { inbound_url: hook(messages), status_url: hook(receipts("unknown")) } };
      const json = { name, capabilities: { ...capabilities, voice, messages: texting } };
      await applications.request(z.unknown(), { method: "PUT", path, json });
      return { voiceApplicationId: applicationId };
    },

    async search({ country, kind, areaCode, contains, capabilities, limit }) {
      const isArea = areaCode !== undefined;
      const prefix = country === "US" || country === "CA" ? "1" : "";
      const { numbers } = await api.request(pageShape, {
        method: "GET",
        path: "/number/search",
        query: {
          ...{ country, type: KINDS[kind], features: capabilities.join(",").toUpperCase(), size: String(limit) },
          pattern: isArea ? `${prefix}${areaCode}` : contains,
          search_pattern: isArea || contains === undefined ? STARTS_WITH : CONTAINS,
        },
      });
      return numbers.slice(0, limit).map(toAvailable);
    },

    async buy({ phoneNumber, country, routing }) {
      const number = { id: `${country}:${withoutPlus(phoneNumber)}`, phoneNumber };
      await order("/number/buy", number);
      await order("/number/update", number, { app_id: routing.voiceApplicationId ?? "" });
      return number;
    },

    async find(phoneNumber) {
      const { numbers } = await owned({ pattern: withoutPlus(phoneNumber), search_pattern: STARTS_WITH });
      const found = numbers.find(({ msisdn }) => withPlus(msisdn) === phoneNumber);
      return found === undefined ? undefined : toOwned(found);
    },

    async list(limit) {
      const all: OwnedNumber[] = [];
      for (let index = 1, count = 1; all.length < Math.min(limit, count); index++) {
        const page = await owned({ size: String(PAGE_SIZE), index: String(index) });
        if (page.numbers.length === 0) break;
        all.push(...page.numbers.map(toOwned));
        count = page.count;
      }
      return all.slice(0, limit);
    },

    route: (number, { voiceApplicationId }) => order("/number/update", number, { app_id: voiceApplicationId ?? "" }),

    release: (number) => order("/number/cancel", number),
  };
}

function toOwned({ country, msisdn }: z.output<typeof numberShape>): OwnedNumber {
  return { id: `${country}:${msisdn}`, phoneNumber: withPlus(msisdn) };
}

function toAvailable({ country, msisdn, cost, features }: z.output<typeof numberShape>): AvailableNumber {
  return {
    ...{ phoneNumber: withPlus(msisdn), country },
    capabilities: NUMBER_CAPABILITIES.filter((name) => features?.includes(name.toUpperCase()) === true),
    ...(typeof cost === "string" ? { monthlyCost: { amount: cost, currency: "EUR" } } : {}),
  };
}
