/** Twilio as far as Earshot uses it: accounts, numbers and messages of the API of 2010-04-01, and its webhooks. */
import { signTwilio } from "../twilio/signature.ts";
import { type CarrierAnswer, type CarrierAsked, startCarrierServer } from "./carrier-server.ts";

export const TWILIO_CREDENTIALS = { accountSid: `AC${"0".repeat(31)}1`, authToken: "a-token-of-twilio" };

type Sent = { readonly sid: string; readonly fields: URLSearchParams; readonly date: string };

/** @param now what it dates messages by */
export async function startTwilioCarrier(now: () => Date = () => new Date()) {
  const { accountSid, authToken } = TWILIO_CREDENTIALS;
  const base = `/2010-04-01/Accounts/${accountSid}`;
  const numbers = new Map<string, Record<string, string>>();
  const available = new Set(["+12125557001", "+12125557002", "+14155557003"]);
  const sent: Sent[] = [];
  let count = 0;
  const newSid = (prefix: string) => `${prefix}${String(++count).padStart(32, "0")}`;

  const add = (phoneNumber: string, form: URLSearchParams) => {
    const number = { ...Object.fromEntries(form), sid: newSid("PN"), phone_number: phoneNumber };
    numbers.set(number.sid, number);
    return number;
  };
  const buy = ({ form }: CarrierAsked): CarrierAnswer => {
    const phoneNumber = form.get("PhoneNumber") ?? "";
    if (!available.delete(phoneNumber)) return problem(400, 21422, `PhoneNumber ${phoneNumber} is not available`);
    return { status: 201, json: add(phoneNumber, form) };
  };
  const search = ({ query }: CarrierAsked): CarrierAnswer => {
    const fitting = [...available].filter((number) => number.startsWith(`+1${query.get("AreaCode") ?? ""}`));
    const capabilities = { voice: true, SMS: true, MMS: false, fax: false };
    return {
      json: {
        available_phone_numbers: fitting.map((phone_number) => ({
          ...{ friendly_name: phone_number, phone_number, locality: "New York", region: "NY", iso_country: "US" },
          capabilities,
        })),
      },
    };
  };
  const list = ({ query }: CarrierAsked): CarrierAnswer => {
    const wanted = query.get("PhoneNumber");
    const found = [...numbers.values()].filter((number) => wanted === null || number["phone_number"] === wanted);
    return { json: { incoming_phone_numbers: found, next_page_uri: null } };
  };
  const send = ({ form }: CarrierAsked): CarrierAnswer => {
    if (form.get("To") === "+15005550001") return problem(400, 21211, "The 'To' number is not valid");
    const message = { sid: newSid("SM"), fields: form, date: now().toUTCString() };
    sent.push(message);
    return { status: 201, json: { sid: message.sid, status: "queued", error_code: null } };
  };
  const listSent = ({ query }: CarrierAsked): CarrierAnswer => ({
    json: {
      messages: sent
        .filter(({ fields }) => fields.get("To") === query.get("To") && fields.get("From") === query.get("From"))
        .map(({ sid, fields, date }) => ({ sid, body: fields.get("Body"), date_created: date })),
    },
  });
  const change = ({ method, path, form }: CarrierAsked): CarrierAnswer => {
    const sid = /\/(PN\d+)\.json$/.exec(path)?.[1] ?? "";
    const number = numbers.get(sid);
    if (number === undefined) return problem(404, 20404, "The requested resource was not found");
    if (method === "DELETE") numbers.delete(sid);
    else numbers.set(sid, { ...number, ...Object.fromEntries(form) });
    return method === "DELETE" ? { status: 204 } : { json: numbers.get(sid) };
  };

  const server = await startCarrierServer((asked) => {
    const given = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
    if (asked.headers.authorization !== given) return problem(401, 20003, "Authenticate");
    const what = `${asked.method} ${asked.path.slice(base.length)}`;
    if (what === "GET .json") return { json: { sid: accountSid, status: "active" } };
    if (what.startsWith("GET /AvailablePhoneNumbers/")) return search(asked);
    if (what === "POST /IncomingPhoneNumbers.json") return buy(asked);
    if (what === "GET /IncomingPhoneNumbers.json") return list(asked);
    if (what === "POST /Messages.json") return send(asked);
    if (what === "GET /Messages.json") return listSent(asked);
    return change(asked);
  });

  return {
    ...server,
    numbers,
    available,
    sent,
    /** A number that the account has already. */
    own: (phoneNumber: string) => add(phoneNumber, new URLSearchParams()),
    /** A webhook as Twilio signs it. */
    webhook(url: string, fields: Readonly<Record<string, string>>) {
      const signature = signTwilio(authToken, url, Object.entries(fields));
      return {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature },
        body: new URLSearchParams(fields).toString(),
      };
    },
  };
}

function problem(status: number, code: number, message: string): CarrierAnswer {
  return { status, json: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}
