/** Telnyx: https://developers.telnyx.com/docs/voice/programmable-voice/receiving-webhooks and its call commands */

import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
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
import { TelnyxEnd } from "./telnyx-end.ts";

const CAUSES: Readonly<Partial<Record<Fate, readonly [string, string]>>> = {
  busy: ["user_busy", "486"],
  rejected: ["call_rejected", "603"],
  "no-answer": ["timeout", "487"],
};
const { publicKey, privateKey } = generateKeyPairSync("ed25519");

type Held = { stream?: StreamedCall | undefined; webhookUrl: string; call: Incoming; isOver?: boolean };

export class LocalTelnyx extends ApiCarrier {
  readonly provider = "telnyx";
  readonly #calls = new Map<string, Held>();
  readonly #outcomes = new Map<string, (outcome: StreamedCall | string) => void>();

  static start(): Promise<LocalTelnyx> {
    return ApiCarrier.open((api) => new LocalTelnyx(api));
  }

  get account() {
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
    const credentials = { apiKey: "KEY0", publicKey: raw.toString("base64") };
    return { apiUrl: this.api.url, credentials, voiceApplicationId: "1494404757140276705" };
  }

  async ring(call: Incoming, { calls: webhookUrl }: WebhookUrls): Promise<StreamedCall | string> {
    const id = `v3:${randomUUID()}`;
    this.#calls.set(id, { webhookUrl, call });
    const outcome = new Promise<StreamedCall | string>((resolve) => this.#outcomes.set(id, resolve));
    await this.#tell(id, "call.initiated", { direction: "incoming", state: "parked" });
    return outcome;
  }

  async giveUp(call: Incoming, { calls: webhookUrl }: WebhookUrls): Promise<void> {
    const id = `v3:${randomUUID()}`;
    this.#calls.set(id, { webhookUrl, call, isOver: true });
    await this.#tell(id, "call.initiated", { direction: "incoming", state: "parked" });
    await this.#tell(id, "call.hangup", { hangup_cause: "originator_cancel", hangup_source: "caller" });
  }

  async answer({ method, path, body }: ApiRequest) {
    if (method === "GET") return { json: { data: { balance: "10.00" } } };
    const json = readJson(body);
    if (path === "/v2/calls") return this.#place(json ?? {});
    const [, encoded = "", action = ""] = /^\/v2\/calls\/([^/]+)\/actions\/(\w+)$/.exec(path) ?? [];
    const id = decodeURIComponent(encoded);
    const held = this.#calls.get(id);
    if (!held) return { status: 404, json: { errors: [{ code: "10005", title: "Resource not found" }] } };
    if (held.isOver) return { status: 422, json: { errors: [{ code: "90018", title: "Call has already ended" }] } };
    if (action === "answer") void this.#stream(id, json ?? {}).then((stream) => this.#outcomes.get(id)?.(stream));
    if (action === "reject") this.#outcomes.get(id)?.(textAt(json, "cause") ?? "");
    if (action === "hangup") this.#hangUp(id, held);
    if (action === "transfer") held.stream?.hangUp();
    return { json: { data: { result: "ok" } } };
  }

  #place(json: Readonly<Record<string, unknown>>) {
    if (textAt(json, "connection_id") === undefined)
      return { status: 422, json: { errors: [{ code: "10015", title: "Bad Request" }] } };
    const id = `v3:${randomUUID()}`;
    const call = { from: textAt(json, "from") ?? "", to: textAt(json, "to") ?? "" };
    this.#calls.set(id, { webhookUrl: textAt(json, "webhook_url") ?? "", call });
    const fate = this.fates.get(call.to);
    setTimeout(async () => {
      await this.#tell(id, "call.initiated", { direction: "outgoing", state: "bridging" }).catch(() => {});
      const [cause, sipStatus] = CAUSES[fate] ?? [];
      if (cause !== undefined) await this.#end(id, cause, sipStatus ?? "");
      if (fate !== "answers") return;
      await this.#tell(id, "call.answered", { state: "answered" });
      this.answered.put(await this.#stream(id, json));
    }, 20);
    return { json: { data: { call_control_id: id, call_leg_id: randomUUID(), record_type: "call" } } };
  }

  async #stream(id: string, json: Readonly<Record<string, unknown>>): Promise<StreamedCall> {
    if (json["stream_bidirectional_mode"] !== "rtp" || json["stream_bidirectional_codec"] !== "PCMU")
      throw new Error("a stream without stream_bidirectional_mode rtp goes one way");
    const stream = await StreamedCall.open(textAt(json, "stream_url") ?? "", new TelnyxEnd(id));
    const held = this.#calls.get(id);
    if (held) held.stream = stream;
    return stream;
  }

  async #end(id: string, cause: string, sipStatus: string): Promise<void> {
    const held = this.#calls.get(id);
    if (!held || held.isOver) return;
    held.isOver = true;
    held.stream?.hangUp();
    const fields = { hangup_cause: cause, hangup_source: "callee", sip_hangup_cause: sipStatus };
    await this.#tell(id, "call.hangup", fields).catch(() => {});
  }

  #hangUp(id: string, { stream, call }: Held): void {
    if (stream) stream.isHungUp = true;
    else this.calledOff.push(call.to);
    void this.#end(id, "normal_clearing", "unspecified");
  }

  #tell(id: string, type: string, fields: object): Promise<string> {
    const { webhookUrl = "", call } = this.#calls.get(id) ?? {};
    const payload = { call_control_id: id, connection_id: "1494404757140276705", ...call, ...fields };
    const data = { record_type: "event", event_type: type, id: randomUUID(), payload };
    const body = JSON.stringify({ data, meta: { attempt: 1, delivered_to: webhookUrl } });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = sign(null, Buffer.from(`${timestamp}|${body}`), privateKey).toString("base64");
    return postWebhook(webhookUrl, "application/json", {
      body,
      headers: { "telnyx-signature-ed25519": signature, "telnyx-timestamp": timestamp },
    });
  }
}
