/** Plivo: https://www.plivo.com/docs/voice/xml/overview, https://www.plivo.com/docs/voice/api/call/make-a-call */

import { randomUUID } from "node:crypto";
import { signPlivo } from "../../../carriers/plivo/signature.ts";
import {
  ApiCarrier,
  type ApiRequest,
  type Fate,
  FORM,
  type Incoming,
  postWebhook,
  type WebhookUrls,
} from "../../carriers/testing/local-carrier.ts";
import { readJson, textAt } from "../../stream/read-json.ts";
import { StreamedCall } from "../../stream/testing/streamed-call.ts";
import { PlivoEnd } from "./plivo-end.ts";

const AUTH_ID = "MAXXXXXXXXXXXXXXXXXX";
const AUTH_TOKEN = "a-token-of-plivo";
const OVER: Readonly<Partial<Record<Fate, readonly [string, string]>>> = {
  busy: ["busy", "Busy Line"],
  rejected: ["failed", "Rejected"],
  "no-answer": ["no-answer", "No Answer"],
};

type Held = { stream?: StreamedCall | undefined; hangUpUrl: string; call: Incoming; isOver?: boolean };

export class LocalPlivo extends ApiCarrier {
  readonly provider = "plivo";
  readonly #calls = new Map<string, Held>();

  static start(): Promise<LocalPlivo> {
    return ApiCarrier.open((api) => new LocalPlivo(api));
  }

  get account() {
    return { apiUrl: this.api.url, credentials: { authId: AUTH_ID, authToken: AUTH_TOKEN } };
  }

  async ring(call: Incoming, webhooks: WebhookUrls): Promise<StreamedCall | string> {
    const uuid = randomUUID();
    const xml = await this.#post(webhooks.calls, { ...toFields(uuid, call, "inbound"), CallStatus: "ringing" });
    const reason = /<Hangup reason="(\w+)"\/>/.exec(xml)?.[1];
    return reason ?? this.#follow(uuid, xml, { hangUpUrl: webhooks.callEvents, call });
  }

  async giveUp(call: Incoming, webhooks: WebhookUrls): Promise<void> {
    const fields = toFields(randomUUID(), call, "inbound");
    await this.#post(webhooks.calls, { ...fields, CallStatus: "ringing" });
    await this.#post(webhooks.callEvents, { ...fields, Event: "Hangup", CallStatus: "completed" });
  }

  async answer({ method, path, body }: ApiRequest) {
    const [, kind = "", id = ""] = new RegExp(`^/v1/Account/${AUTH_ID}/(?:(\\w+)/(?:([\\w-]+)/)?)?$`).exec(path) ?? [];
    const held = this.#calls.get(id);
    if (method === "GET" && kind === "") return { json: { auth_id: AUTH_ID } };
    if (method === "POST" && kind === "Call" && id === "") return this.#place(body);
    // A call that is not answered yet is known as a request alone.
    const isKnown = held && !held.isOver && (kind === "Call") === (held.stream !== undefined);
    if (!isKnown) return { status: 404, json: { error: "not found" } };
    if (method === "DELETE") {
      if (held.stream) held.stream.isHungUp = true;
      else this.calledOff.push(`+${held.call.to}`);
      void this.#end(id, "completed", "Normal Hangup");
      return { status: 204 };
    }
    const url = textAt(readJson(body), "aleg_url") ?? "";
    const xml = await this.#post(url, toFields(id, held.call, "inbound"));
    this.api.requests.push(`told ${xml}`);
    held.stream?.hangUp();
    return { status: 202, json: { message: "call transferred", call_uuids: [id] } };
  }

  #place(body: string) {
    const json = readJson(body);
    const [to = "", from = "", answerUrl = "", hangUpUrl = ""] = ["to", "from", "answer_url", "hangup_url"].map(
      (name) => textAt(json, name),
    );
    const uuid = randomUUID();
    const call = { from, to };
    this.#calls.set(uuid, { hangUpUrl, call });
    const fate = this.fates.get(call.to);
    setTimeout(async () => {
      const [status, cause] = OVER[fate] ?? [];
      if (status !== undefined) await this.#end(uuid, status, cause ?? "");
      if (fate !== "answers") return;
      const fields = { ...toFields(uuid, call, "outbound"), CallStatus: "in-progress", RequestUUID: uuid };
      this.answered.put(await this.#follow(uuid, await this.#post(answerUrl, fields), { hangUpUrl, call }));
    }, 20);
    return { status: 201, json: { message: "call fired", request_uuid: uuid, api_id: randomUUID() } };
  }

  async #follow(uuid: string, xml: string, held: Held): Promise<StreamedCall> {
    const url = /<Stream bidirectional="true" keepCallAlive="true"[^>]*>([^<]+)<\/Stream>/.exec(xml)?.[1] ?? "";
    const stream = await StreamedCall.open(url, new PlivoEnd(uuid));
    this.#calls.set(uuid, { ...held, stream });
    return stream;
  }

  async #end(uuid: string, status: string, cause: string): Promise<void> {
    const held = this.#calls.get(uuid);
    if (!held || held.isOver) return;
    held.isOver = true;
    held.stream?.hangUp();
    const fields = { ...toFields(uuid, held.call, "outbound"), Event: "Hangup", CallStatus: status };
    await this.#post(held.hangUpUrl, { ...fields, HangupCauseName: cause, RequestUUID: uuid }).catch(() => {});
  }

  #post(url: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const nonce = randomUUID();
    const signed = { method: "POST" as const, url, fields: Object.entries(fields), nonce };
    return postWebhook(url, FORM, {
      body: new URLSearchParams(fields).toString(),
      headers: { "X-Plivo-Signature-V3": signPlivo(AUTH_TOKEN, signed), "X-Plivo-Signature-V3-Nonce": nonce },
    });
  }
}

/** Plivo writes numbers without their plus. */
function toFields(uuid: string, { from, to }: Incoming, direction: string) {
  const [From, To] = [from, to].map((number) => number.replace("+", ""));
  return { CallUUID: uuid, From: From ?? "", To: To ?? "", Direction: direction, CallerName: from };
}
