/** Telnyx as far as Earshot uses it: numbers, profiles and messages of API v2, and its webhooks. */
import { generateKeyPairSync, sign } from "node:crypto";
import { type CarrierAnswer, type CarrierAsked, startCarrierServer } from "./carrier-server.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");

export const TELNYX_CREDENTIALS = {
  apiKey: "KEY-of-telnyx",
  publicKey: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64"),
};

export async function startTelnyxCarrier() {
  const numbers = new Map<string, Record<string, unknown>>();
  const available = new Set(["+13125557001", "+13125557002"]);
  const sent: { readonly id: string; readonly json: CarrierAsked["json"] }[] = [];
  const made: CarrierAsked["json"][] = [];
  let count = 0;
  const newId = (prefix: string) => `${prefix}-${++count}`;

  const order = ({ json }: CarrierAsked): CarrierAnswer => {
    const [{ phone_number } = { phone_number: "" }] = json["phone_numbers"] as { phone_number: string }[];
    const { connection_id, messaging_profile_id } = json;
    if (!available.delete(phone_number)) return problem(422, "85001", "Number not available");
    const id = newId("number");
    numbers.set(id, { id, phone_number, connection_id, messaging_profile_id });
    return { json: { data: { id: newId("order"), status: "pending" } } };
  };
  const list = ({ query }: CarrierAsked): CarrierAnswer => {
    const wanted = query.get("filter[phone_number]");
    const data = [...numbers.values()].filter((number) => wanted === null || number["phone_number"] === wanted);
    return { json: { data, meta: { total_pages: 1, total_results: data.length } } };
  };
  const send = ({ json }: CarrierAsked): CarrierAnswer => {
    const message = { id: newId("message"), json };
    sent.push(message);
    return { json: { data: { id: message.id, to: [{ phone_number: json["to"], status: "queued" }] } } };
  };
  const search = (): CarrierAnswer => ({
    json: {
      data: [...available].map((phone_number) => ({
        record_type: "available_phone_number",
        phone_number,
        region_information: [
          { region_type: "state", region_name: "IL" },
          { region_type: "location", region_name: "Chicago" },
        ],
        cost_information: { upfront_cost: "1.00", monthly_cost: "1.00", currency: "USD" },
        features: [{ name: "voice" }, { name: "sms" }],
      })),
    },
  });
  const change = ({ method, path, json }: CarrierAsked): CarrierAnswer => {
    const [, , , id = ""] = path.split("/");
    const number = numbers.get(id);
    if (number === undefined) return problem(404, "10005", "Resource not found");
    if (method === "DELETE") numbers.delete(id);
    else Object.assign(number, json);
    return { json: { data: number } };
  };

  const server = await startCarrierServer((asked) => {
    if (asked.headers.authorization !== `Bearer ${TELNYX_CREDENTIALS.apiKey}`)
      return problem(401, "10009", "Authentication failed");
    const what = `${asked.method} ${asked.path.replace(/^\/v2/, "")}`;
    if (what === "GET /balance") return { json: { data: { balance: "10.00", currency: "USD" } } };
    if (what === "GET /available_phone_numbers") return search();
    if (what === "POST /number_orders") return order(asked);
    if (what.startsWith("GET /number_orders/")) return { json: { data: { id: "order", status: "success" } } };
    if (what === "POST /call_control_applications" || what === "POST /messaging_profiles") {
      made.push(asked.json);
      return { json: { data: { id: newId("made") } } };
    }
    if (what === "GET /phone_numbers") return list(asked);
    if (what === "POST /messages") return send(asked);
    return change(asked);
  });

  return {
    ...server,
    ...{ numbers, sent, made },
    /** A webhook as Telnyx signs it. @param atMs when */
    webhook(type: string, payload: object, atMs: number) {
      const data = { record_type: "event", id: newId("event"), event_type: type, payload };
      const body = JSON.stringify({ data });
      const timestamp = String(Math.floor(atMs / 1000));
      const signature = sign(null, Buffer.from(`${timestamp}|${body}`), privateKey).toString("base64");
      const headers = { "telnyx-signature-ed25519": signature, "telnyx-timestamp": timestamp };
      return { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body };
    },
  };
}

function problem(status: number, code: string, title: string): CarrierAnswer {
  return { status, json: { errors: [{ code, title, detail: `${title}.` }] } };
}
