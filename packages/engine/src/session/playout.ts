/** The agent's loudspeaker: paces one reply's audio to the leg and says, word by word, what has been heard. */

import type { EchoGate } from "../audio/echo/echo-gate.ts";
import { FRAME_SAMPLES, type Samples, toMs, toSamples } from "../audio/frame.ts";
import { GainRamp } from "../audio/mix.ts";
import type { CallLeg } from "../leg/call-leg.ts";
import type { WordTiming } from "../models/text-to-speech.ts";
import type { SpokenPiece } from "../speakable/speakable.ts";
import type { Clock } from "./clock.ts";
import type { Recorder } from "./recorder.ts";
import { canFillFrame, newSegment, ownPlayed, type Segment, takeFrame } from "./segment.ts";

/** Heard words are reported at most this often, so that a reply costs a few journal entries a second. */
const REPORT_EVERY_MS = 250;
/** How long a far end may take to say where it stopped, and to report that it has played everything. */
const CLEAR_LIMIT_MS = 150;
const REPORT_LIMIT_MS = 2_000;
/** A shorter gap in a reply is a pause between its sentences. */
const QUIET_AFTER_MS = 200;

export type PlayoutReports = {
  readonly onStarted: (replyId: string) => void;
  readonly onHeard: (replyId: string, text: string) => void;
  /** Nothing of it has been heard since, in call time, and it isn't over. */
  readonly onQuiet: (replyId: string, sinceMs: number) => void;
  readonly onWentOn: (replyId: string) => void;
  /** All that was given has been heard. */
  readonly onPlayed: (replyId: string) => void;
  /** Stopped as asked; what was heard, `heardMs` of it, has been reported. */
  readonly onCancelled: (replyId: string, heardMs: number) => void;
};

/** Not a reply: a sound of the agent beside the conversation. */
const ASIDE = "aside";
const DUCKED_DB = -18;
const DUCK_OVER_MS = 40;

export class Playout {
  readonly #leg: CallLeg;
  readonly #clock: Clock;
  readonly #reports: PlayoutReports;
  readonly #recorder: Recorder | undefined;
  /** Told of what is heard when, so that it knows it when it comes back. */
  readonly #echoGate: EchoGate | undefined;
  readonly #startMs: number;
  #segment: Segment | undefined;
  readonly #inFlight: { frame: Samples; position: number }[] = [];
  #recordedTo = 0;
  #legPlayed = 0;
  #isPaused = false;
  #isDucked = false;
  readonly #gain = new GainRamp();
  #cancelClearTimer: (() => void) | undefined;

  /** `startMs`: the clock's time at which the call began. */
  constructor(options: {
    leg: CallLeg;
    clock: Clock;
    startMs: number;
    reports: PlayoutReports;
    recorder?: Recorder | undefined;
    echoGate?: EchoGate | undefined;
  }) {
    this.#leg = options.leg;
    this.#clock = options.clock;
    this.#startMs = options.startMs;
    this.#reports = options.reports;
    this.#recorder = options.recorder;
    this.#echoGate = options.echoGate;
  }

  /** Audio that has not been sent yet, ms: what the synthesis is ahead by. */
  get aheadMs(): number {
    return toMs(this.#segment?.queued ?? 0);
  }

  /** With `isHeld` nothing is played before `release`. */
  begin(replyId: string, { isHeld = false } = {}): void {
    const aside = this.#segment?.replyId === ASIDE ? this.#segment : undefined;
    if (aside) this.#legPlayed = Math.max(this.#legPlayed, aside.base + aside.sent);
    this.#segment = newSegment(replyId, { base: this.#legPlayed, isHeld });
  }

  release(replyId: string): void {
    const segment = this.#find(replyId);
    if (!segment) return;
    segment.isHeld = false;
    this.tick();
  }

  /** A reply that was held is not wanted any more; nothing is reported. */
  drop(replyId: string): void {
    if (this.#find(replyId)?.state === "waiting") this.#segment = undefined;
  }

  /** Lowers what is heard of the reply; one that has not begun waits until it is loud again. */
  duck(replyId: string): void {
    const segment = this.#find(replyId);
    if (!segment || segment.state === "stopping") return;
    if (segment.state === "waiting") segment.isHeld = true;
    else this.#setDucked(true);
  }

  unduck(replyId: string): void {
    this.release(replyId);
    this.#setDucked(false);
  }

  /** Plays a short sound while no reply has the floor; otherwise it is left out. */
  playAside(samples: Samples): void {
    if (this.#segment) return;
    this.begin(ASIDE);
    this.enqueue(ASIDE, samples);
    this.finish(ASIDE);
  }

  /** Whether nothing is there to be heard of this reply. */
  isDry(replyId: string): boolean {
    const segment = this.#find(replyId);
    return segment !== undefined && segment.state !== "stopping" && !segment.isFinished && !canFillFrame(segment);
  }

  /** Plays this before what has not come yet of the open reply, or by itself while no reply has the floor. */
  playBetween(samples: Samples, pieces: readonly SpokenPiece[] = [], timings?: readonly WordTiming[]): void {
    const segment = this.#segment;
    if (!segment) return this.playAside(samples);
    if (!this.isDry(segment.replyId)) return;
    segment.words.insert(pieces, samples.length, timings);
    segment.inserted.push({ at: segment.sent + segment.queued, length: samples.length });
    this.#push(segment, samples);
  }

  beginSentence(replyId: string, pieces: readonly SpokenPiece[]): void {
    this.#find(replyId)?.words.beginSentence(pieces);
  }

  extendSentence(replyId: string, pieces: readonly SpokenPiece[]): void {
    this.#find(replyId)?.words.extendSentence(pieces);
  }

  enqueue(replyId: string, samples: Samples, timings?: readonly WordTiming[]): void {
    const segment = this.#find(replyId);
    if (!segment) return;
    segment.words.addAudio(samples.length, timings);
    if (samples.length > 0) this.#push(segment, samples);
  }

  /** The voice has died in this sentence: what of it has no audio is given back, and is not counted any more. */
  breakSentence(replyId: string): readonly SpokenPiece[] {
    return this.#find(replyId)?.words.breakSentence() ?? [];
  }

  endSentence(replyId: string): void {
    this.#find(replyId)?.words.endSentence();
  }

  /** No more audio comes for this reply; `onPlayed` follows once it has been heard. */
  finish(replyId: string): void {
    const segment = this.#find(replyId);
    if (!segment) return;
    this.#reportQuiet(segment);
    segment.isFinished = true;
    this.#settle(segment);
  }

  /** The audio broke off: `onPlayed` follows once what there is has been heard. */
  breakOff(replyId: string): void {
    const segment = this.#find(replyId);
    if (segment) segment.isBroken = true;
    this.finish(replyId);
  }

  /** Stops at once; `onCancelled` follows, now or when the far end has said where it stopped. */
  cancel(replyId: string): void {
    const segment = this.#find(replyId);
    if (!segment || segment.state === "stopping") return;
    this.#setDucked(false);
    const wasSending = segment.state === "playing";
    segment.state = "stopping";
    if (wasSending) {
      this.#updatePlayed(segment);
      this.#leg.clear();
      this.#echoGate?.dropFrom(this.#clock.nowMs());
    }
    const isReported = wasSending && this.#leg.can.reportPlayback && !this.#isPaused;
    if (isReported && this.#segment === segment) this.#awaitClear(segment);
    else this.#finishCancel(segment);
  }

  /** The far end's report: samples played since the call began. */
  played(samples: number): void {
    this.#legPlayed = Math.max(this.#legPlayed, samples);
    const segment = this.#segment;
    if (!segment) return;
    segment.played = Math.min(segment.sent, Math.max(segment.played, samples - segment.base));
    if (segment.state === "stopping") this.#finishCancel(segment);
    else this.#settle(segment);
  }

  /** The far end is out of reach: nothing is sent until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    const segment = this.#segment;
    if (segment?.state === "playing") segment.anchorMs = this.#clock.nowMs() - toMs(segment.sent);
  }

  /** Each 20 ms: sends what is due. */
  tick(): void {
    this.#record();
    const segment = this.#segment;
    if (!segment || this.#isPaused || segment.state === "stopping") return;
    if (segment.state === "waiting") this.#startSending(segment);
    if (segment.state === "playing") this.#send(segment);
    this.#settle(segment);
  }

  close(): void {
    this.#cancelClearTimer?.();
    this.#segment = undefined;
    this.#record(Number.POSITIVE_INFINITY);
  }

  #push(segment: Segment, samples: Samples): void {
    segment.chunks.push(samples);
    segment.queued += samples.length;
    if (segment.state === "waiting") this.tick();
  }

  #find(replyId: string): Segment | undefined {
    return this.#segment?.replyId === replyId ? this.#segment : undefined;
  }

  #startSending(segment: Segment): void {
    if (segment.isHeld || !canFillFrame(segment)) return;
    segment.state = "playing";
    segment.anchorMs = this.#clock.nowMs();
    segment.base = this.#legPlayed;
    this.#recordedTo = Math.max(this.#recordedTo, toSamples(segment.anchorMs - this.#startMs));
    if (segment.replyId !== ASIDE) this.#reports.onStarted(segment.replyId);
  }

  #setDucked(isDucked: boolean): void {
    if (this.#isDucked === isDucked) return;
    this.#isDucked = isDucked;
    if (this.#leg.duck) this.#leg.duck(isDucked);
    else this.#gain.rampTo(isDucked ? DUCKED_DB : 0, DUCK_OVER_MS);
  }

  #send(segment: Segment): void {
    const nowMs = this.#clock.nowMs();
    if (!canFillFrame(segment)) {
      this.#moveAnchorOverGap(segment, nowMs);
      return;
    }
    this.#endGap(segment);
    while (canFillFrame(segment) && toMs(segment.sent) <= nowMs - segment.anchorMs + this.#leg.can.leadMs) {
      const frame = takeFrame(segment);
      if (!this.#leg.duck) this.#gain.apply(frame);
      this.#echoGate?.play(frame, segment.anchorMs + toMs(segment.sent - FRAME_SAMPLES));
      if (this.#recorder) {
        this.#inFlight.push({ frame: frame.slice(), position: this.#recordedTo });
        this.#recordedTo += FRAME_SAMPLES;
      }
      this.#leg.play(frame);
    }
  }

  /** An underrun: what comes next is heard later than planned. */
  #moveAnchorOverGap(segment: Segment, nowMs: number): void {
    if (segment.isFinished) return;
    const gapMs = nowMs - segment.anchorMs - toMs(segment.sent);
    if (gapMs <= 0) return;
    segment.quietSinceMs ??= nowMs - gapMs;
    segment.anchorMs += gapMs;
    this.#recordedTo = Math.max(this.#recordedTo, toSamples(nowMs - this.#startMs));
    if (nowMs - segment.quietSinceMs >= QUIET_AFTER_MS) this.#reportQuiet(segment);
  }

  #reportQuiet(segment: Segment): void {
    if (segment.isQuietReported || segment.quietSinceMs === undefined || segment.replyId === ASIDE) return;
    segment.isQuietReported = true;
    this.#reports.onQuiet(segment.replyId, Math.round(segment.quietSinceMs - this.#startMs));
  }

  #endGap(segment: Segment): void {
    segment.quietSinceMs = undefined;
    if (!segment.isQuietReported) return;
    segment.isQuietReported = false;
    this.#reports.onWentOn(segment.replyId);
  }

  #settle(segment: Segment): void {
    if (segment.state === "stopping" || segment.isHeld || this.#segment !== segment) return;
    this.#updatePlayed(segment);
    const isOver = segment.isFinished && segment.queued === 0 && segment.played >= segment.sent;
    const nowMs = this.#clock.nowMs();
    if (!isOver && nowMs - segment.reportedAtMs < REPORT_EVERY_MS) return;
    const isComplete = isOver && segment.sent > 0 && !segment.isBroken;
    const heard = isComplete ? segment.words.takeRest() : segment.words.takeHeard(segment.played);
    if (heard !== "") {
      segment.reportedAtMs = nowMs;
      this.#reports.onHeard(segment.replyId, heard);
    }
    if (!isOver || this.#segment !== segment) return;
    this.#segment = undefined;
    this.#setDucked(false);
    this.#legPlayed = Math.max(this.#legPlayed, segment.base + segment.sent);
    this.#reports.onPlayed(segment.replyId);
  }

  #updatePlayed(segment: Segment): void {
    if (segment.state === "waiting" || this.#isPaused) return;
    const elapsedMs = this.#clock.nowMs() - segment.anchorMs;
    const isSilent = toMs(segment.sent) + REPORT_LIMIT_MS < elapsedMs;
    if (this.#leg.can.reportPlayback && !isSilent) return;
    segment.played = Math.max(segment.played, Math.min(segment.sent, toSamples(elapsedMs)));
  }

  #awaitClear(segment: Segment): void {
    this.#cancelClearTimer = this.#clock.after(CLEAR_LIMIT_MS, () => this.#finishCancel(segment));
  }

  #finishCancel(segment: Segment): void {
    if (this.#segment !== segment) return;
    this.#cancelClearTimer?.();
    this.#segment = undefined;
    this.#legPlayed = segment.base + segment.played;
    this.#dropUnheard(segment);
    const heard = segment.words.takeHeard(segment.played);
    if (heard !== "") this.#reports.onHeard(segment.replyId, heard);
    this.#reports.onCancelled(segment.replyId, toMs(ownPlayed(segment)));
  }

  /** Takes frames out of the recording that were sent but never heard. */
  #dropUnheard(segment: Segment): void {
    const unheard = Math.floor((segment.sent - segment.played) / FRAME_SAMPLES);
    const kept = Math.max(0, this.#inFlight.length - unheard);
    this.#recordedTo -= (this.#inFlight.length - kept) * FRAME_SAMPLES;
    this.#inFlight.length = kept;
  }

  #record(untilMs = this.#clock.nowMs()): void {
    if (!this.#recorder) return;
    const until = untilMs === Number.POSITIVE_INFINITY ? untilMs : toSamples(untilMs - this.#startMs);
    let count = 0;
    for (const { frame, position } of this.#inFlight) {
      if (position + FRAME_SAMPLES > until) break;
      this.#recorder.write("agent", position, frame);
      count++;
    }
    if (count > 0) this.#inFlight.splice(0, count);
  }
}
