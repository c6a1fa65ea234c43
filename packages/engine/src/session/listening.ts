/** The agent's ears: finds speech in the caller's audio and has it turned into words. */

import { BeepDetector } from "../audio/beep-detector.ts";
import { ECHO_SHARE, type EchoGate } from "../audio/echo/echo-gate.ts";
import { FRAME_MS, type Samples, toMs } from "../audio/frame.ts";
import { ProsodyTracker } from "../audio/prosody.ts";
import type { Prosody } from "../conversation/end-of-turn/strategy.ts";
import type { Fact } from "../conversation/event.ts";
import { ProviderError } from "../models/provider-error.ts";
import type { SpeechToText, SpeechToTextEvent, SpeechToTextStream } from "../models/speech-to-text.ts";
import {
  VOICE_ACTIVITY_WINDOW_SAMPLES,
  type VoiceActivity,
  type VoiceActivityStream,
} from "../models/voice-activity.ts";
import type { CallPlan } from "./call-plan.ts";
import type { Clock } from "./clock.ts";
import type { Ears } from "./ears-and-voice.ts";
import { type SpeechEdge, SpeechGate } from "./speech-gate.ts";

/** Audio that is kept until it is known whether speech has begun: what a detection looks back on, and more. */
const PRE_ROLL_FRAMES = 20;
/** Of the quiet before the first sample that belongs to the utterance, ms: recognisers take more for an empty piece. */
const LEAD_IN_MS = 100;
/** Final words that take longer are given up; a long utterance that came faster than it was said gets more. */
const FINAL_LIMIT_MS = 10_000;
const FINAL_LIMIT_SHARE = 0.2;
/** Of speech over the agent: from here on it may hold a word, and how often the words so far are asked for, ms. */
const FIRST_GLANCE_MS = 150;
const GLANCE_EVERY_MS = 64;

export class Listening implements Ears {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #post: (fact: Fact) => void;
  readonly #voiceActivity: VoiceActivityStream;
  readonly #speechToText: SpeechToTextStream;
  readonly #gate: SpeechGate;
  readonly #preRoll: Samples[] = [];
  #preRollEndMs = 0;
  readonly #awaited = new Map<number, () => void>();
  readonly #scoring: { endMs: number; isEcho: boolean; workDone: () => void }[] = [];
  /** Absent where nobody asks for the melody of what is said. */
  readonly #prosody: ProsodyTracker | undefined;
  readonly #echoGate: EchoGate | undefined;
  #isEcho = false;
  readonly #window = new Int16Array(VOICE_ACTIVITY_WINDOW_SAMPLES);
  #windowFill = 0;
  #utteranceId = 0;
  #firstSampleAtMs = 0;
  #isClosed = false;
  readonly #isContested: () => boolean;
  readonly #isAgentTalking: () => boolean;
  readonly #isTelephone: () => boolean;
  #tones: BeepDetector | undefined;
  #glanceAtMs = 0;
  #glanceDone: (() => void) | undefined;

  constructor(options: {
    plan: CallPlan;
    voiceActivity: VoiceActivity;
    speechToText: SpeechToText;
    clock: Clock;
    startMs: number;
    post: (fact: Fact) => void;
    isContested: () => boolean;
    /** Whether the agent is to be heard. */
    isAgentTalking: () => boolean;
    echoGate?: EchoGate | undefined;
    /** Whether tones of the telephone are to be listened for. */
    isTelephone: () => boolean;
    /** Default 1. */
    firstUtteranceId?: number;
  }) {
    const { plan } = options;
    this.#gate = new SpeechGate(plan.transcription);
    this.#clock = options.clock;
    this.#startMs = options.startMs;
    this.#post = options.post;
    this.#isContested = options.isContested;
    this.#isAgentTalking = options.isAgentTalking;
    this.#echoGate = options.echoGate;
    this.#prosody = plan.rules.endOfTurn.strategies.includes("prosody") ? new ProsodyTracker() : undefined;
    this.#isTelephone = options.isTelephone;
    this.#utteranceId = (options.firstUtteranceId ?? 1) - 1;
    this.#voiceActivity = options.voiceActivity.open();
    this.#speechToText = options.speechToText.open({
      language: plan.language,
      keyterms: plan.keyterms,
      partialEveryMs: plan.partialEveryMs,
      onEvent: (event) => this.#onWords(event),
    });
  }

  /** Utterances whose words are still to come. */
  get awaitedCount(): number {
    return this.#awaited.size;
  }

  /** 20 ms of the caller. The frame is kept, not copied. */
  push(frame: Samples): void {
    if (this.#isClosed) return;
    if (this.#echoGate) this.#isEcho = this.#echoGate.hear(frame, this.#clock.nowMs()) > ECHO_SHARE;
    if (this.#isTelephone()) this.#listenForTones(frame);
    if (this.#gate.isOpen) this.#takeIn(frame);
    else this.#keepForPreRoll(frame);
    for (let offset = 0; offset < frame.length; ) {
      const count = Math.min(VOICE_ACTIVITY_WINDOW_SAMPLES - this.#windowFill, frame.length - offset);
      this.#window.set(frame.subarray(offset, offset + count), this.#windowFill);
      this.#windowFill += count;
      offset += count;
      if (this.#windowFill === VOICE_ACTIVITY_WINDOW_SAMPLES) this.#score(this.#nowMs() - toMs(frame.length - offset));
    }
  }

  /** No audio comes for now: what was being said is taken as ended. */
  interrupt(): void {
    const edge = this.#gate.close();
    if (!edge) return;
    // What was begun at an earlier pause lacks the words since.
    this.#speechToText.mayEnd?.(this.#utteranceId);
    this.#onEdge(edge);
  }

  /** Ends the utterance under way and waits for no more than the words that are due. */
  stop(): void {
    this.interrupt();
    this.#endGlance();
    this.#isClosed = true;
    this.#voiceActivity.close();
    for (const { workDone } of this.#scoring.splice(0)) workDone();
  }

  close(): void {
    this.stop();
    this.#speechToText.close();
    for (const cancel of this.#awaited.values()) cancel();
    this.#awaited.clear();
  }

  #takeIn(frame: Samples): void {
    this.#speechToText.push(frame);
    this.#prosody?.push(frame);
  }

  #listenForTones(frame: Samples): void {
    this.#tones ??= new BeepDetector();
    const tone = this.#tones.push(frame);
    if (tone) this.#post({ type: "tone-heard", kind: tone.kind, frequencyHz: tone.frequencyHz });
  }

  #keepForPreRoll(frame: Samples): void {
    this.#preRoll.push(frame);
    this.#preRollEndMs = this.#nowMs();
    if (this.#preRoll.length > PRE_ROLL_FRAMES) this.#preRoll.shift();
  }

  #takeLeadIn(firstSampleAtMs: number): Samples[] {
    const frames = Math.ceil((this.#preRollEndMs - firstSampleAtMs + LEAD_IN_MS) / FRAME_MS);
    return this.#preRoll.splice(0).slice(-Math.max(1, frames));
  }

  #score(endMs: number): void {
    this.#windowFill = 0;
    this.#scoring.push({ endMs, isEcho: this.#isEcho, workDone: this.#clock.working() });
    this.#voiceActivity.score(this.#window, (probability) => this.#onScore(probability));
  }

  #onScore(probability: number): void {
    const scored = this.#scoring.shift();
    if (!scored) return;
    const heard = scored.isEcho ? 0 : probability;
    const edge = this.#isClosed
      ? undefined
      : this.#gate.push(heard, scored.endMs, { isOverAgent: this.#isAgentTalking() });
    if (edge) this.#onEdge(edge);
    else if (!this.#isClosed && this.#gate.hasJustPaused) this.#speechToText.mayEnd?.(this.#utteranceId);
    else if (this.#gate.isOpen) this.#glance(scored.endMs);
    scored.workDone();
  }

  /** Speech over the agent: its words are wanted before it ends. */
  #glance(nowMs: number): void {
    if (nowMs < this.#glanceAtMs || this.#glanceDone || !this.#speechToText.glance || !this.#isContested()) return;
    this.#glanceAtMs = nowMs + GLANCE_EVERY_MS;
    this.#glanceDone = this.#clock.working();
    this.#speechToText.glance(this.#utteranceId);
  }

  #endGlance(): void {
    this.#glanceDone?.();
    this.#glanceDone = undefined;
  }

  #onEdge(edge: SpeechEdge): void {
    this.#endGlance();
    if (edge.type === "started") {
      this.#utteranceId++;
      this.#firstSampleAtMs = edge.firstSampleAtMs;
      this.#glanceAtMs = edge.firstSampleAtMs + FIRST_GLANCE_MS;
      this.#speechToText.begin(this.#utteranceId);
      this.#prosody?.begin();
      for (const frame of this.#takeLeadIn(edge.firstSampleAtMs)) this.#takeIn(frame);
      this.#post({
        type: "caller-speech-started",
        utteranceId: this.#utteranceId,
        firstSampleAtMs: Math.round(edge.firstSampleAtMs),
      });
      return;
    }
    const utteranceId = this.#utteranceId;
    this.#awaitWords(utteranceId, FINAL_LIMIT_MS + FINAL_LIMIT_SHARE * (edge.lastSampleAtMs - this.#firstSampleAtMs));
    const lastSampleAtMs = Math.round(edge.lastSampleAtMs);
    // First, so that a recogniser that answers at once is listened to.
    this.#post({ type: "caller-speech-ended", utteranceId, lastSampleAtMs, ...this.#describeProsody() });
    this.#speechToText.end(utteranceId);
  }

  #describeProsody(): { prosody?: Prosody } {
    const told = this.#prosody?.describe();
    if (!told) return {};
    const { slope, finalPitch, energyFallDb, finalLengthening } = told;
    return {
      prosody: {
        slope: toTenths(slope),
        finalPitch: toTenths(finalPitch),
        energyFallDb: toTenths(energyFallDb),
        finalLengthening: toTenths(finalLengthening),
      },
    };
  }

  #awaitWords(utteranceId: number, limitMs: number): void {
    const workDone = this.#clock.working();
    const cancelTimer = this.#clock.after(limitMs, () => {
      const error = new ProviderError({
        provider: "",
        stage: "speech-to-text",
        kind: "timeout",
        message: `no words within ${Math.round(limitMs)} ms`,
      });
      this.#onWords({ type: "failed", utteranceId, error });
    });
    this.#awaited.set(utteranceId, () => {
      cancelTimer();
      workDone();
    });
  }

  #onWords(event: SpeechToTextEvent): void {
    const { utteranceId } = event;
    if (event.type === "turn") {
      this.#post({ type: "turn-predicted", utteranceId, probability: event.probability });
      return;
    }
    if (event.type === "partial" || event.type === "probable") {
      if (event.type === "partial") this.#endGlance();
      // Words of half a sound are often wrong; when it ends those of the whole are on their way.
      if (event.type === "partial" && this.#gate.isFaltering) return;
      if (utteranceId === this.#utteranceId && this.#gate.isOpen && event.text !== "")
        this.#post({ type: `transcript-${event.type}`, utteranceId, text: event.text });
      return;
    }
    const settle = this.#awaited.get(utteranceId);
    if (!settle) return;
    this.#awaited.delete(utteranceId);
    if (event.type === "final") {
      const modelMs = event.modelMs === undefined ? {} : { modelMs: Math.round(event.modelMs) };
      this.#post({ type: "transcript-final", utteranceId, text: event.text, ...modelMs });
    } else {
      const { provider, kind, message } = event.error;
      this.#post({ type: "transcript-failed", utteranceId, provider, kind, message });
    }
    settle();
  }

  #nowMs(): number {
    return this.#clock.nowMs() - this.#startMs;
  }
}

function toTenths(value: number): number {
  return Math.round(value * 10) / 10;
}
