/** A carrier on this machine, which does as the documentation of a real one says. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { CarrierProvider } from "../../../carrier-accounts/carrier-credentials.ts";
import type { StreamedCall } from "../../stream/testing/streamed-call.ts";

export type Incoming = { readonly from: string; readonly to: string };
/** Where the account's webhooks are. */
export type WebhookUrls = { readonly calls: string; readonly callEvents: string };
/** How it goes with whom we call. */
export type Fate = "answers" | "busy" | "no-answer" | "rejected" | "rings";

export interface LocalCarrier {
  readonly provider: CarrierProvider;
  /** What a carrier account of it is made with. */
  readonly account: Readonly<Record<string, unknown>>;
  /** What was asked of its API: method, path and body. */
  readonly requests: readonly string[];
  /** How it goes with the calls that we place. */
  readonly fates: Fates;
  /** Numbers that we rang, and gave up on before anybody answered. */
  readonly calledOff: readonly string[];
  /** Somebody calls one of our numbers. @returns the call, or how it was refused */
  ring(call: Incoming, webhooks: WebhookUrls): Promise<StreamedCall | string>;
  /** A caller hangs up before the call has begun. */
  giveUp(call: Incoming, webhooks: WebhookUrls): Promise<void>;
  /** The next call of ours that somebody answers. */
  placed(): Promise<StreamedCall>;
  close(): Promise<void>;
}

/** By number. */
export class Fates {
  readonly #fates = new Map<string, Fate>();

  set(number: string, fate: Fate): void {
    this.#fates.set(number.replace("+", ""), fate);
  }

  get(number: string): Fate {
    return this.#fates.get(number.replace("+", "")) ?? "answers";
  }
}

export type ApiRequest = { readonly method: string; readonly path: string; readonly body: string };
export type ApiAnswer = { readonly status?: number; readonly json?: unknown };

/** The carrier's API over HTTP. */
export class LocalApi {
  readonly requests: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>): Promise<LocalApi> {
    const api: LocalApi = new LocalApi(
      createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", async () => {
          const { method = "", url: path = "" } = request;
          const body = Buffer.concat(chunks).toString();
          if (method !== "GET") api.requests.push(`${method} ${path} ${decodeURIComponent(body.replaceAll("+", " "))}`);
          const { status = 200, json } = await answer({ method, path, body });
          response.writeHead(status, { "Content-Type": "application/json" });
          response.end(json === undefined ? undefined : JSON.stringify(json));
        });
      }),
    );
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", () => resolve()));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Hands on what comes later. */
class Mailbox<Item> {
  readonly #items: Item[] = [];
  readonly #waiting: ((item: Item) => void)[] = [];

  put(item: Item): void {
    const next = this.#waiting.shift();
    if (next) next(item);
    else this.#items.push(item);
  }

  take(): Promise<Item> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(item);
  }
}

/** @throws Error for an answer that isn't 2xx */
export async function postWebhook(
  url: string,
  type: string,
  { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
): Promise<string> {
  const response = await fetch(url, { method: "POST", headers: { "Content-Type": type, ...headers }, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text;
}

export const FORM = "application/x-www-form-urlencoded; charset=UTF-8";

/** What the local carriers have in common. */
export abstract class ApiCarrier implements LocalCarrier {
  abstract readonly provider: CarrierProvider;
  abstract readonly account: Readonly<Record<string, unknown>>;
  readonly fates = new Fates();
  readonly calledOff: string[] = [];
  protected readonly api: LocalApi;
  protected readonly answered = new Mailbox<StreamedCall>();

  protected constructor(api: LocalApi) {
    this.api = api;
  }

  protected static async open<Carrier extends ApiCarrier>(make: (api: LocalApi) => Carrier): Promise<Carrier> {
    let carrier: Carrier | undefined;
    const api = await LocalApi.start((request) => carrier?.answer(request) ?? { status: 503 });
    carrier = make(api);
    return carrier;
  }

  get requests(): readonly string[] {
    return this.api.requests;
  }

  abstract ring(call: Incoming, webhooks: WebhookUrls): Promise<StreamedCall | string>;
  abstract giveUp(call: Incoming, webhooks: WebhookUrls): Promise<void>;
  /** As the carrier's API does. */
  abstract answer(request: ApiRequest): Promise<ApiAnswer>;

  placed(): Promise<StreamedCall> {
    return this.answered.take();
  }

  close(): Promise<void> {
    return this.api.close();
  }
}
