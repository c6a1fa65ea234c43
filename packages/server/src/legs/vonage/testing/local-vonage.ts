/** Vonage: https://developer.vonage.com/en/voice/voice-api/webhook-reference, https://developer.vonage.com/en/api/voice */

import { createHash, createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import {
  ApiCarrier,
  type ApiRequest,
  type Fate,
  type Incoming,
  postWebhook,
  type WebhookUrls,
} from "../../carriers/testing/local-carrier.ts";
import { readJson, textAt } from "../../stream/read-json.ts";
import { StreamedCall } from "../../stream/testing/streamed-call.ts";
import { VonageEnd } from "./vonage-end.ts";

const SIGNATURE_SECRET = "a-signature-secret-of-vonage";
const API_KEY = "abcd1234";
const STATUS: Readonly<Partial<Record<Fate, string>>> = {
  busy: "busy",
  rejected: "rejected",
  "no-answer": "unanswered",
};
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

type Held = { stream?: StreamedCall | undefined; eventUrl: string; call: Incoming; isOver?: boolean };
type Action = { action: string; endpoint?: { type: string; uri?: string; "content-type"?: string }[] };

export class LocalVonage extends ApiCarrier {
  readonly provider = "vonage";
  readonly #calls = new Map<string, Held>();

  static start(): Promise<LocalVonage> {
    return ApiCarrier.open((api) => new LocalVonage(api));
  }

  get account() {
    const keys = { apiKey: API_KEY, apiSecret: "a-secret", signatureSecret: SIGNATURE_SECRET };
    return { apiUrl: this.api.url, credentials: { ...keys, applicationId: randomUUID(), privateKey } };
  }

  async ring(call: Incoming, webhooks: WebhookUrls): Promise<StreamedCall | string> {
    const uuid = randomUUID();
    const ncco = JSON.parse(await this.#post(webhooks.calls, toFields(uuid, call))) as Action[];
    return ncco.length === 0 ? "hung up" : this.#follow(uuid, ncco, { eventUrl: webhooks.callEvents, call });
  }

  async giveUp(call: Incoming, webhooks: WebhookUrls): Promise<void> {
    const fields = toFields(randomUUID(), call);
    await this.#post(webhooks.calls, fields);
    await this.#post(webhooks.callEvents, { ...fields, status: "completed", direction: "inbound" });
  }

  async answer({ method, path, body }: ApiRequest) {
    if (method === "GET") return { json: { value: 10, autoReload: false } };
    const json = readJson(body);
    if (method === "POST" && path === "/v1/calls") return this.#place(json ?? {});
    const [, uuid = "", isDtmf] = /^\/v1\/calls\/([\w-]+)(\/dtmf)?$/.exec(path) ?? [];
    const held = this.#calls.get(uuid);
    if (method !== "PUT" || !held || held.isOver) return { status: 404, json: { title: "Not Found" } };
    if (isDtmf !== undefined) return { json: { message: "DTMF sent", uuid } };
    if (textAt(json, "action") === "hangup") this.#hangUp(uuid, held);
    if (textAt(json, "action") === "transfer") held.stream?.hangUp();
    return { status: 204 };
  }

  #place(json: Readonly<Record<string, unknown>>) {
    const {
      to,
      from,
      ncco,
      event_url: eventUrls,
    } = json as {
      to: { number: string }[];
      from: { number: string };
      ncco: Action[];
      event_url: string[];
    };
    const uuid = randomUUID();
    const call = { from: from.number, to: to[0]?.number ?? "" };
    const eventUrl = eventUrls[0] ?? "";
    this.#calls.set(uuid, { eventUrl, call });
    const fate = this.fates.get(call.to);
    setTimeout(async () => {
      const status = STATUS[fate];
      if (status !== undefined) await this.#end(uuid, status);
      if (fate === "answers") this.answered.put(await this.#follow(uuid, ncco, { eventUrl, call }));
    }, 20);
    return { status: 201, json: { uuid, status: "started", direction: "outbound" } };
  }

  async #follow(uuid: string, [first]: readonly Action[], held: Held): Promise<StreamedCall> {
    const [endpoint] = first?.endpoint ?? [];
    if (first?.action !== "connect" || endpoint?.["content-type"] !== "audio/l16;rate=16000")
      throw new Error(`the NCCO is ${JSON.stringify(first)}`);
    const stream = await StreamedCall.open(endpoint.uri ?? "", new VonageEnd());
    this.#calls.set(uuid, { ...held, stream });
    return stream;
  }

  async #end(uuid: string, status: string): Promise<void> {
    const held = this.#calls.get(uuid);
    if (!held || held.isOver) return;
    held.isOver = true;
    held.stream?.hangUp();
    await this.#post(held.eventUrl, { ...toFields(uuid, held.call), status, direction: "outbound" }).catch(() => {});
  }

  #hangUp(uuid: string, { stream, call }: Held): void {
    if (stream) stream.isHungUp = true;
    else this.calledOff.push(`+${call.to}`);
    void this.#end(uuid, "completed");
  }

  #post(url: string, fields: object): Promise<string> {
    const body = JSON.stringify(fields);
    const claims = {
      ...{ iat: Math.floor(Date.now() / 1000), jti: randomUUID(), iss: "Vonage", api_key: API_KEY },
      payload_hash: createHash("sha256").update(body).digest("hex"),
    };
    const parts = [{ alg: "HS256", typ: "JWT" }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    const signature = createHmac("sha256", SIGNATURE_SECRET).update(parts.join(".")).digest("base64url");
    return postWebhook(url, "application/json", {
      body,
      headers: { Authorization: `Bearer ${[...parts, signature].join(".")}` },
    });
  }
}

/** Vonage writes numbers without their plus. */
function toFields(uuid: string, { from, to }: Incoming) {
  const [caller, called] = [from, to].map((number) => number.replace("+", ""));
  return { from: caller, to: called, uuid, conversation_uuid: `CON-${uuid}` };
}
