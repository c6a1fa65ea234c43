/** Twilio: https://www.twilio.com/docs/voice/twiml, https://www.twilio.com/docs/voice/api/call-resource */

import { signTwilio } from "../../../carriers/twilio/signature.ts";
import {
  ApiCarrier,
  type ApiRequest,
  type Fate,
  FORM,
  type Incoming,
  postWebhook,
  type WebhookUrls,
} from "../../carriers/testing/local-carrier.ts";
import { StreamedCall } from "../../stream/testing/streamed-call.ts";
import { TwilioEnd } from "./twilio-end.ts";

const ACCOUNT_SID = "AC00000000000000000000000000000001";
const AUTH_TOKEN = "12345678901234567890123456789012";
const SIP_STATUS: Readonly<Partial<Record<Fate, string>>> = { busy: "486", rejected: "603", "no-answer": "487" };
const STATUS: Readonly<Partial<Record<Fate, string>>> = {
  busy: "busy",
  rejected: "failed",
  "no-answer": "no-answer",
};

/** The account has whatever number it is asked for. */
function numbersOf(path: string) {
  const phone_number = new URL(path, "http://twilio").searchParams.get("PhoneNumber") ?? "+12125557001";
  const number = { sid: "PN00000000000000000000000000000001", phone_number, capabilities: { voice: true } };
  return path.includes("/PN") ? number : { incoming_phone_numbers: [number], next_page_uri: null };
}

type Held = { stream?: StreamedCall | undefined; statusUrl: string; call: Incoming; isOver?: boolean };

export class LocalTwilio extends ApiCarrier {
  readonly provider = "twilio";
  readonly #calls = new Map<string, Held>();

  static start(): Promise<LocalTwilio> {
    return ApiCarrier.open((api) => new LocalTwilio(api));
  }

  get account() {
    return { apiUrl: this.api.url, credentials: { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN } };
  }

  async ring(call: Incoming, webhooks: WebhookUrls): Promise<StreamedCall | string> {
    const sid = this.#newSid();
    const twiml = await this.#post(webhooks.calls, { ...this.#fields(sid, call, "inbound"), CallStatus: "ringing" });
    const reason = /<Reject reason="(\w+)"\/>/.exec(twiml)?.[1];
    if (reason !== undefined) return reason;
    return this.#follow(sid, twiml, { statusUrl: webhooks.callEvents, call });
  }

  async giveUp(call: Incoming, webhooks: WebhookUrls): Promise<void> {
    const fields = this.#fields(this.#newSid(), call, "inbound");
    await this.#post(webhooks.calls, { ...fields, CallStatus: "ringing" });
    await this.#post(webhooks.callEvents, { ...fields, CallStatus: "completed", CallDuration: "0" });
  }

  async answer({ method, path, body }: ApiRequest) {
    const root = `/2010-04-01/Accounts/${ACCOUNT_SID}`;
    if (method === "GET" && path === `${root}.json`) return { json: { sid: ACCOUNT_SID, status: "active" } };
    if (path.startsWith(`${root}/IncomingPhoneNumbers`)) return { json: numbersOf(path) };
    const form = Object.fromEntries(new URLSearchParams(body));
    if (method === "POST" && path === `${root}/Calls.json`) return this.#place(form);
    const sid = new RegExp(`^${root}/Calls/(\\w+)\\.json$`).exec(path)?.[1] ?? "";
    const held = this.#calls.get(sid);
    if (method !== "POST" || !held) return { status: 404, json: { code: 20404, message: "not found", status: 404 } };
    if (form["Status"] === "completed") this.#hangUp(sid, held);
    if (form["Twiml"] !== undefined) held.stream?.hangUp();
    return { json: { sid, status: "in-progress" } };
  }

  #place(form: Readonly<Record<string, string>>) {
    const { To: to = "", From: from = "", Twiml: twiml = "", StatusCallback: statusUrl = "" } = form;
    const sid = this.#newSid();
    const call = { from, to };
    this.#calls.set(sid, { statusUrl, call });
    const fate = this.fates.get(call.to);
    setTimeout(async () => {
      if (fate === "answers") this.answered.put(await this.#follow(sid, twiml, { statusUrl, call }));
      else if (fate !== "rings") await this.#end(sid, STATUS[fate] ?? "", SIP_STATUS[fate]);
    }, 20);
    return { status: 201, json: { sid, status: "queued" } };
  }

  async #follow(sid: string, twiml: string, held: Held): Promise<StreamedCall> {
    const url = /<Connect><Stream url="([^"]+)"\/><\/Connect>/.exec(twiml)?.[1] ?? "";
    const stream = await StreamedCall.open(url, new TwilioEnd(sid));
    this.#calls.set(sid, { ...held, stream });
    return stream;
  }

  async #end(sid: string, status: string, sipStatus?: string): Promise<void> {
    const held = this.#calls.get(sid);
    if (!held || held.isOver) return;
    held.isOver = true;
    held.stream?.hangUp();
    const more = sipStatus === undefined ? {} : { SipResponseCode: sipStatus };
    const fields = { ...this.#fields(sid, held.call, "outbound-api"), CallStatus: status, ...more };
    await this.#post(held.statusUrl, fields).catch(() => {});
  }

  #hangUp(sid: string, { stream, call }: Held): void {
    if (stream) stream.isHungUp = true;
    else this.calledOff.push(call.to);
    void this.#end(sid, "completed");
  }

  #newSid(): string {
    return `CA${String(this.#calls.size + 1 + Math.floor(Math.random() * 1e9)).padStart(32, "0")}`;
  }

  #fields(sid: string, { from, to }: Incoming, direction: string) {
    return {
      ...{ AccountSid: ACCOUNT_SID, ApiVersion: "2010-04-01", CallSid: sid, Direction: direction },
      ...{ From: from, To: to, Caller: from, Called: to, CallerName: "BO SMITH" },
    };
  }

  #post(url: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams(fields).toString();
    const signature = signTwilio(AUTH_TOKEN, url, Object.entries(fields));
    return postWebhook(url, FORM, { body, headers: { "X-Twilio-Signature": signature } });
  }
}
