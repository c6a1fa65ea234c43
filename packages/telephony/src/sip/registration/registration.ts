import type { Clock } from "../../clock.ts";
import { type Credentials, DigestClient } from "../auth/digest-client.ts";
import { type CustomHeaders, checkCustomHeaders } from "../call/custom-headers.ts";
import { newCallId, newTag, randomBetween } from "../identifiers.ts";
import { formatNameAddr, parseNameAddr } from "../message/name-addr.ts";
import { SipHeaders } from "../message/sip-headers.ts";
import { cloneRequest, makeRequest, type SipRequest, type SipResponse } from "../message/sip-message.ts";
import { findUri, parseUri } from "../message/uri.ts";
import type { RequestFailure, RequestOutcome } from "../request/request-run.ts";
import type { Target } from "../transport/network.ts";
import type { UserAgent } from "../user-agent.ts";

export type RegistrationState =
  | { readonly kind: "registering" }
  | { readonly kind: "registered"; readonly expiresInMs: number }
  /** Tried again after `retryInMs`; undefined: not again, the credentials are wrong. */
  | {
      readonly kind: "failed";
      readonly reason: "unauthorized" | "refused" | RequestFailure;
      readonly status: number;
      readonly retryInMs: number | undefined;
    }
  | { readonly kind: "closed" };

export type RegistrationOptions = {
  readonly agent: UserAgent;
  readonly clock: Clock;
  /** Who is registered: `sip:user@domain`. */
  readonly aor: string;
  /** Default: the domain of the address of record. */
  readonly registrar?: string;
  readonly credentials?: readonly Credentials[];
  readonly outboundProxies?: readonly string[];
  /** Asked for; the registrar decides. Default 10 minutes. */
  readonly expiresMs?: number;
  /** User part of our Contact. Default: that of the address of record. */
  readonly contactUser?: string;
  readonly headers?: CustomHeaders;
  /** Between pings that keep a NAT open. Default 25 s; 0: none. */
  readonly keepAliveMs?: number;
  readonly onState?: (state: RegistrationState) => void;
};

/** Retry pauses double from here to there. */
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;

/** Keeps one address registered with a provider (RFC 3261 section 10.2). */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #digest: DigestClient;
  readonly #callId = newCallId();
  readonly #tag = newTag();
  #seq = 0;
  #failures = 0;
  #expiresMs: number;
  #state: RegistrationState = { kind: "registering" };
  #cancelTimer = () => {};
  #cancelPing = () => {};
  #isBusy = false;

  /** Registers at once. @throws SipError for an address or header that can't be sent */
  constructor(options: RegistrationOptions) {
    parseUri(options.aor, "aor");
    checkCustomHeaders(options.headers);
    this.#options = options;
    this.#digest = new DigestClient(options.credentials ?? []);
    this.#expiresMs = options.expiresMs ?? 600_000;
    void this.#register();
  }

  get state(): RegistrationState {
    return this.#state;
  }

  /** Takes the registration back and stops. Resolves once the registrar has answered, or can't. Again: no effect. */
  async close(): Promise<void> {
    if (this.#state.kind === "closed") return;
    const wasKnown = this.#state.kind === "registered" || this.#isBusy;
    this.#cancelTimer();
    this.#cancelPing();
    this.#become({ kind: "closed" });
    if (wasKnown) await this.#send(0);
  }

  async #register(): Promise<void> {
    this.#isBusy = true;
    const outcome = await this.#send(this.#expiresMs);
    this.#isBusy = false;
    if (this.#state.kind === "closed") return;
    if (outcome.kind === "response" && outcome.response.status < 300) this.#onRegistered(outcome);
    else this.#onFailed(outcome);
  }

  #onRegistered({ response, request, target }: RequestOutcome & { kind: "response" }): void {
    const { clock } = this.#options;
    this.#failures = 0;
    const grantedMs = grantedExpiresMs(response, request) ?? this.#expiresMs;
    // Well before the end, but not so often that a short grant becomes a flood.
    const refreshMs = Math.max(5_000, grantedMs - Math.min(grantedMs / 2, 60_000));
    this.#cancelTimer = clock.after(refreshMs, () => void this.#register());
    this.#ping(target);
    this.#become({ kind: "registered", expiresInMs: grantedMs });
  }

  #onFailed(outcome: RequestOutcome): void {
    this.#cancelPing();
    this.#failures += 1;
    const status = outcome.kind === "response" ? outcome.response.status : 0;
    const isAuth = status === 401 || status === 407;
    const otherwise = outcome.kind === "failure" ? outcome.reason : "refused";
    const reason = isAuth || status === 403 ? "unauthorized" : otherwise;
    const retryInMs = isAuth ? undefined : this.#retryMs(outcome);
    if (retryInMs !== undefined) {
      this.#cancelTimer = this.#options.clock.after(retryInMs, () => void this.#register());
    }
    this.#become({ kind: "failed", reason, status, retryInMs });
  }

  /** Doubles, spread so that many registrations don't come back at once; a Retry-After counts when longer. */
  #retryMs(outcome: RequestOutcome): number {
    const pauseMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 10), LAST_RETRY_MS);
    const asked = outcome.kind === "response" ? outcome.response.headers.get("retry-after") : undefined;
    const askedMs = Number.parseInt(asked ?? "0", 10) * 1000 || 0;
    return Math.max(Math.min(askedMs, 3_600_000), Math.round((pauseMs * randomBetween(80, 121)) / 100));
  }

  #ping(target: Target): void {
    const { agent, clock, keepAliveMs = 25_000 } = this.#options;
    this.#cancelPing();
    if (keepAliveMs === 0) return;
    this.#cancelPing = clock.after(keepAliveMs, () => {
      agent.keepAlive(target);
      this.#ping(target);
    });
  }

  #send(expiresMs: number): Promise<RequestOutcome> {
    const { agent, aor, registrar, outboundProxies = [], headers } = this.#options;
    const { scheme, host, port, params } = parseUri(registrar ?? aor);
    const transport = params.get("transport");
    const at = port === undefined ? host : `${host}:${port}`;
    const seconds = String(Math.round(expiresMs / 1000));
    this.#seq += 1;
    const own = new SipHeaders()
      .set("max-forwards", "70")
      .set(
        "route",
        outboundProxies.map((proxy) => `<${proxy}${/;lr/i.test(proxy) ? "" : ";lr"}>`),
      )
      .set("from", formatNameAddr({ uri: aor, params: new Map([["tag", this.#tag]]) }))
      .set("to", formatNameAddr({ uri: aor, params: new Map() }))
      .set("call-id", this.#callId)
      .set("cseq", `${this.#seq} REGISTER`)
      .set("expires", seconds)
      .merge(Object.fromEntries(checkCustomHeaders(headers).entries()));
    const uri = `${scheme === "tel" ? "sip" : scheme}:${at}${transport === undefined ? "" : `;transport=${transport}`}`;
    return agent.send({
      request: makeRequest({ method: "REGISTER", uri, headers: own }),
      digest: this.#digest,
      nextSeq: () => {
        this.#seq += 1;
        return this.#seq;
      },
      contact: (address) => `${address};expires=${expiresMs === 0 ? 0 : Math.round(this.#expiresMs / 1000)}`,
      contactUser: this.#options.contactUser ?? parseUri(aor).user ?? "earshot",
      amend: (response, request) => this.#lengthen(response, request),
    });
  }

  /** 423: the registrar wants fewer refreshes. */
  #lengthen(response: SipResponse, request: SipRequest): SipRequest | undefined {
    const seconds = Number.parseInt(response.headers.get("min-expires") ?? "", 10);
    if (response.status !== 423 || !(seconds > 0) || seconds > 86_400) return undefined;
    this.#expiresMs = seconds * 1000;
    const again = cloneRequest(request);
    again.headers.set("expires", String(seconds));
    return again;
  }

  #become(state: RegistrationState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }
}

/** What was granted to our own Contact; others of the same address may stand beside it. */
function grantedExpiresMs(response: SipResponse, request: SipRequest): number | undefined {
  const ours = parseNameAddr(request.headers.get("contact") ?? "<sip:x>").uri;
  const { user, host, port } = parseUri(ours);
  for (const text of response.headers.all("contact")) {
    const contact = parseNameAddr(text, "Contact");
    const its = findUri(contact.uri);
    const expires = Number.parseInt(contact.params.get("expires") ?? "", 10);
    if (its?.user === user && its?.host === host && its?.port === port && expires > 0) return expires * 1000;
  }
  const common = Number.parseInt(response.headers.get("expires") ?? "", 10);
  return common > 0 ? common * 1000 : undefined;
}
