import type { CallCore } from "./call-core.ts";
import type { Negotiation } from "./negotiation.ts";
import { dueMs, type SessionInterval } from "./session-interval.ts";

/** After a refresh that failed, so long until the next. */
const RETRY_MS = 10_000;

/** Keeps a session alive, or ends it when the far end doesn't (RFC 4028 section 10). */
export class SessionTimer {
  readonly #core: CallCore;
  #cancelRefresh = () => {};
  #cancelExpiry = () => {};
  #negotiation: Negotiation | undefined;

  constructor(core: CallCore) {
    this.#core = core;
    core.onClose(() => this.#stop());
  }

  /** Starts anew with what was settled; undefined: no session timer. */
  arm(interval: SessionInterval | undefined, negotiation: Negotiation): void {
    this.#stop();
    this.#negotiation = negotiation;
    if (!interval || this.#core.state === "ended") return;
    const { clock } = this.#core.context;
    if (interval.isRefresher)
      this.#cancelRefresh = clock.after(dueMs(interval), () => this.#core.background(this.#refresh()));
    this.#cancelExpiry = clock.after(dueMs({ ...interval, isRefresher: false }), () => this.#expire());
  }

  /** A success arms the timer again, through the negotiation. */
  async #refresh(): Promise<void> {
    const core = this.#core;
    if (core.state !== "confirmed" || !this.#negotiation) return;
    this.#cancelRefresh = core.context.clock.after(RETRY_MS, () => core.background(this.#refresh()));
    if (core.peerAllows.has("UPDATE")) {
      await this.#negotiation.reoffer({ method: "UPDATE" });
      return;
    }
    const body = await core.guard(() => core.media?.makeOffer());
    if (body === undefined) return;
    const result = await this.#negotiation.reoffer({ method: "INVITE", body });
    if (result.kind !== "agreed" || !result.answer) return;
    const { answer } = result;
    await core.guard(() => core.media?.onAnswer(answer));
  }

  #expire(): void {
    const core = this.#core;
    if (core.state !== "confirmed") return;
    core.background(core.request("BYE"));
    core.end("session_expired");
  }

  #stop(): void {
    this.#cancelRefresh();
    this.#cancelExpiry();
  }
}
