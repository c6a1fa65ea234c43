/** One SIP trunk as this node holds it: registered, asked whether it is there, and with its calls counted. */

import {
  AllowList,
  CallCaps,
  type CallSlot,
  type Clock,
  type Credentials,
  ping,
  Registration,
  type RegistrationState,
  type UserAgent,
} from "@earshot/telephony";
import type { TrunkAccess } from "../../sip-trunks/list-trunks.ts";
import type { TrunkStatus } from "../../sip-trunks/trunk-status.ts";
import type { WallClock } from "../../wall-clock.ts";

export type LiveTrunkOptions = {
  readonly agent: UserAgent;
  /** Monotonic, for the protocol. */
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly onTrouble: (trunk: TrunkAccess, message: string) => void;
};

const PING_EVERY_MS = 30_000;
/** Names lead elsewhere one day. */
const LOOK_UP_EVERY_MS = 300_000;
const FAILURES_UNTIL_DOWN = 2;

export class LiveTrunk {
  readonly #options: LiveTrunkOptions;
  readonly #caps: CallCaps;
  #settings: TrunkAccess;
  #allowed: AllowList;
  #addresses: ReadonlySet<string> = new Set();
  #registration: Registration | undefined;
  #registered: RegistrationState | undefined;
  #registeredUntil: string | undefined;
  #failures = 0;
  #lastError: { readonly message: string; readonly at: string } | undefined;
  readonly #stops: (() => void)[] = [];
  #isOpen = true;

  constructor(settings: TrunkAccess, options: LiveTrunkOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#allowed = new AllowList(settings.allow);
    this.#caps = new CallCaps({ clock: options.clock, ...capsOf(settings) });
  }

  get settings(): TrunkAccess {
    return this.#settings;
  }

  get isUp(): boolean {
    return this.#failures < FAILURES_UNTIL_DOWN;
  }

  /** Looks its name up, then registers and asks whether it is there. */
  async open(): Promise<void> {
    await this.#lookUp();
    if (!this.#isOpen) return;
    const { clock } = this.#options;
    this.#stops.push(clock.every(LOOK_UP_EVERY_MS, () => void this.#lookUp()));
    this.#register();
    if (!this.#settings.pings) return;
    void this.#ping();
    this.#stops.push(clock.every(PING_EVERY_MS, () => void this.#ping()));
  }

  /** Other settings from now on; calls that it carries go on and keep counting. */
  async change(settings: TrunkAccess): Promise<void> {
    await this.#stop();
    this.#settings = settings;
    this.#allowed = new AllowList(settings.allow);
    this.#caps.change(capsOf(settings));
    this.#failures = 0;
    this.#lastError = undefined;
    this.#isOpen = true;
    await this.open();
  }

  /** Takes the registration back. */
  async close(): Promise<void> {
    await this.#stop();
  }

  /** Whether its calls come from there. */
  isAt(address: string): boolean {
    return this.#addresses.has(address) || this.#allowed.has(address);
  }

  /** For a call that we place through it. */
  take(): CallSlot {
    return this.#caps.take();
  }

  takeIncoming(): CallSlot {
    return this.#caps.takeIncoming();
  }

  /** A call found that the trunk is there, or why not. */
  report(problem?: string): void {
    if (problem === undefined) this.#failures = 0;
    else this.#fail(problem);
  }

  get status(): TrunkStatus {
    const state = this.#registered;
    return {
      registration: state === undefined || state.kind === "closed" ? "off" : state.kind,
      ...(state?.kind === "failed" ? { registrationError: toWords(state) } : {}),
      ...(state?.kind === "registered" && this.#registeredUntil ? { registeredUntil: this.#registeredUntil } : {}),
      isUp: this.isUp,
      ...(this.#lastError ? { lastError: this.#lastError.message, lastErrorAt: this.#lastError.at } : {}),
      liveCalls: this.#caps.calls,
    };
  }

  async #stop(): Promise<void> {
    this.#isOpen = false;
    for (const stop of this.#stops.splice(0)) stop();
    const registration = this.#registration;
    this.#registration = undefined;
    this.#registered = undefined;
    // The registrar may be gone for good: nobody waits for it.
    void registration?.close().catch(() => {});
  }

  async #lookUp(): Promise<void> {
    const { agent } = this.#options;
    const uris = [targetOf(this.#settings), ...proxiesOf(this.#settings)];
    const found = await Promise.all(uris.map((uri) => agent.targetsOf(uri).catch(() => [])));
    const addresses = found.flat().map(({ address }) => address);
    if (addresses.length > 0) this.#addresses = new Set(addresses);
  }

  #register(): void {
    const { agent, clock, wallClock, onTrouble } = this.#options;
    const { registers, username, registrationMs } = this.#settings;
    if (!registers || username === undefined) return;
    const settings = this.#settings;
    this.#registration = new Registration({
      ...{ agent, clock, expiresMs: registrationMs, contactUser: toUser(username) },
      aor: `sip:${toUser(username)}@${settings.domain ?? settings.host}`,
      registrar: targetOf(settings),
      credentials: credentialsOf(settings),
      outboundProxies: proxiesOf(settings),
      onState: (state) => {
        if (settings !== this.#settings || !this.#isOpen) return;
        this.#registered = state;
        if (state.kind === "registered")
          this.#registeredUntil = wallClock.at(wallClock.now().getTime() + state.expiresInMs).toISOString();
        if (state.kind === "failed") onTrouble(settings, `registration failed: ${toWords(state)}`);
      },
    });
  }

  async #ping(): Promise<void> {
    const settings = this.#settings;
    const result = await ping(this.#options.agent, {
      target: targetOf(settings),
      from: `sip:${toUser(settings.username ?? "earshot")}@${settings.domain ?? settings.host}`,
      credentials: credentialsOf(settings),
      outboundProxies: proxiesOf(settings),
    }).catch((error: unknown) => ({ isUp: false, kind: "unanswered" as const, reason: String(error) }));
    if (!this.#isOpen || settings !== this.#settings) return;
    if (result.isUp) this.#failures = 0;
    else this.#fail(`OPTIONS: ${result.kind === "answered" ? `${result.status} ${result.reason}` : result.reason}`);
  }

  #fail(message: string): void {
    this.#failures += 1;
    this.#lastError = { message: message.slice(0, 300), at: this.#options.wallClock.now().toISOString() };
    if (this.#failures === FAILURES_UNTIL_DOWN) this.#options.onTrouble(this.#settings, `it is down: ${message}`);
  }
}

/** Where requests for the trunk itself, or for a user of it, are addressed. */
export function targetOf({ host, port, transport }: TrunkAccess, user?: string): string {
  const at = user === undefined ? "" : `${user}@`;
  return `sip:${at}${host}:${port}${transport === "udp" ? "" : `;transport=${transport}`}`;
}

export function proxiesOf({ outboundProxy }: TrunkAccess): string[] {
  return outboundProxy === undefined ? [] : [outboundProxy];
}

export function credentialsOf({ username, password }: TrunkAccess): Credentials[] {
  return username === undefined ? [] : [{ username, password: password ?? "" }];
}

/** As the user part of a URI. */
export function toUser(text: string): string {
  return encodeURIComponent(text).replaceAll("%2B", "+");
}

function capsOf({ maxCalls, maxCallsPerSecond }: TrunkAccess) {
  return { maxCalls, maxPerSecond: maxCallsPerSecond };
}

function toWords({ reason, status }: Extract<RegistrationState, { kind: "failed" }>): string {
  return status === 0 ? `no answer (${reason})` : `${status} (${reason})`;
}
