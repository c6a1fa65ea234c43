import { FRAME_MS, FRAME_SAMPLES } from "../audio/frame.ts";
import type { Conversation } from "../conversation/conversation.ts";
import type { Fact } from "../conversation/event.ts";
import type { CallLeg, LegCapabilities, LegHandlers } from "../leg/call-leg.ts";
import type { Clock } from "../session/clock.ts";
import type { CallerAct } from "./recorded-call.ts";

const LOUD = 8_192;
/** An agent that says nothing where another one spoke is waited for this much longer than that one was. */
const EXTRA_PATIENCE_MS = 15_000;

/**
 * The caller of a recorded call, talking to another agent: says the same in the same order, as long after the agent has
 * finished (or into its words) as then.
 */
export class ReplayCaller implements CallLeg {
  readonly can: LegCapabilities = { reportPlayback: false, sendDigits: true, transfer: false, leadMs: 0 };
  readonly #clock: Clock;
  readonly #acts: readonly CallerAct[];
  readonly #spoken: (CallerAct & { kind: "speech" })[] = [];
  #handlers: LegHandlers | undefined;
  #look: (() => Conversation) | undefined;
  #post: ((fact: Fact) => void) | undefined;
  #next = 0;
  #speakingUntilMs = 0;
  #actEndMs = 0;
  #talkingSinceMs: number | undefined;
  #silentSinceMs: number | undefined;
  #hasSpokenSince = false;
  #stop: () => void = () => {};

  constructor(clock: Clock, acts: readonly CallerAct[]) {
    this.#clock = clock;
    this.#acts = acts;
  }

  /** What the caller sees of the agent, and how orders from outside the call are given. */
  watch(look: () => Conversation, post: (fact: Fact) => void): void {
    this.#look = look;
    this.#post = post;
  }

  /** Acts that were never reached, because the call ended before. */
  get unsaid(): readonly CallerAct[] {
    return this.#acts.slice(this.#next);
  }

  /** What was said since the last time of asking: one utterance may hold what were two. */
  takeSpoken(): (CallerAct & { kind: "speech" })[] {
    return this.#spoken.splice(0);
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#actEndMs = this.#clock.nowMs();
    this.#stop = this.#clock.every(FRAME_MS, () => this.#tick());
  }

  play(): void {}
  clear(): void {}
  sendDigits(): void {}
  show(): void {}

  close(): void {
    this.#stop();
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs();
    this.#watchAgent(nowMs);
    const act = this.#acts[this.#next];
    if (act && nowMs >= this.#speakingUntilMs && this.#isTime(act, nowMs)) this.#perform(act, nowMs);
    const level = nowMs < this.#speakingUntilMs ? LOUD : 0;
    this.#handlers?.onAudio(new Int16Array(FRAME_SAMPLES).fill(level));
  }

  #watchAgent(nowMs: number): void {
    const now = this.#look?.();
    if (!now) return;
    if (now.agent.state === "talking") {
      this.#hasSpokenSince = true;
      this.#talkingSinceMs ??= nowMs;
      this.#silentSinceMs = undefined;
      return;
    }
    this.#talkingSinceMs = undefined;
    const isAtRest = now.agent.state === "idle" && now.tools.length === 0;
    this.#silentSinceMs = isAtRest ? (this.#silentSinceMs ?? nowMs) : undefined;
  }

  #isTime(act: CallerAct, nowMs: number): boolean {
    const pausedMs = nowMs - this.#actEndMs;
    if (act.after === "act") return pausedMs >= act.pauseMs;
    if (pausedMs >= act.pauseMs + EXTRA_PATIENCE_MS && this.#talkingSinceMs === undefined) return true;
    if (!this.#hasSpokenSince) return false;
    if (act.after === "speech" && this.#talkingSinceMs !== undefined) return nowMs - this.#talkingSinceMs >= act.gapMs;
    if (this.#silentSinceMs === undefined) return false;
    return act.after === "speech" || nowMs - this.#silentSinceMs >= act.gapMs;
  }

  #perform(act: CallerAct, nowMs: number): void {
    this.#next++;
    this.#hasSpokenSince = false;
    this.#actEndMs = nowMs;
    if (act.kind === "digit") return this.#handlers?.onDigit(act.digit);
    if (act.kind === "fact") return this.#give(act.fact);
    this.#spoken.push(act);
    this.#speakingUntilMs = nowMs + act.lengthMs;
    this.#actEndMs = this.#speakingUntilMs;
  }

  #give(fact: Fact): void {
    switch (fact.type) {
      case "leg-lost":
        return this.#handlers?.onLost();
      case "leg-resumed":
        return this.#handlers?.onResumed();
      case "leg-closed":
        this.#stop();
        return this.#handlers?.onClosed(fact.reason === "transferred" ? "transferred" : "caller-hung-up");
      default:
        return this.#post?.(fact);
    }
  }
}
