/** The caller's end of one simulated call: connects a caller, its voice and its line to a live call. */
import { type Clock, FRAME_SAMPLES, type Samples } from "@earshot/engine";
import { CallAudio, type JournalEntry } from "@earshot/sdk";
import type { CallerLine } from "../sound/caller-line.ts";
import type { MadeSound } from "../sound/made-sounds.ts";
import { AgentPlayout } from "./agent-playout.ts";
import type { CallerInput, CallerOrder, Thought } from "./caller-step.ts";
import type { Course } from "./course.ts";

/** What decides: a scripted or a goal caller. */
export type CallerMind = {
  readonly course: Course;
  readonly take: (input: CallerInput) => { readonly mind: CallerMind; readonly orders: readonly CallerOrder[] };
};

/** A mind of a state and of the pure function that steps it. */
export function toMind<State extends { readonly course: Course }>(
  state: State,
  step: (state: State, input: CallerInput) => { readonly caller: State; readonly orders: readonly CallerOrder[] },
): CallerMind {
  return {
    course: state.course,
    take: (input) => {
      const { caller, orders } = step(state, input);
      return { mind: toMind(caller, step), orders };
    },
  };
}

export type SimulatedCallOptions = {
  readonly audioUrl: string;
  readonly mind: CallerMind;
  readonly line: CallerLine;
  readonly speak: (text: string) => Promise<Samples>;
  readonly makeSound: (sound: MadeSound) => Samples;
  /** Only callers with a goal think. */
  readonly think?: (heard: string) => Promise<Thought>;
  readonly clock: Clock;
  readonly interrupted: AbortSignal;
};

export type SimulatedCall = {
  readonly course: Course;
  /** What was sent and what was heard, sample by sample of the same call time. */
  readonly caller: Samples;
  readonly agent: Samples;
  readonly durationMs: number;
  readonly wallMs: number;
};

const FRAME_MS = 20;
/** Reports what was played each 100 ms. */
const REPORT_EVERY_TICKS = 5;
const OPEN_WITHIN_MS = 15_000;
const FAST_STALL_MS = 120_000;

/** Makes the call and resolves when it is over. @throws Error when it can't begin or can't go on */
export function makeSimulatedCall(options: SimulatedCallOptions): Promise<SimulatedCall> {
  return new Promise((resolve, reject) => new Caller(options, resolve, reject));
}

class Caller {
  readonly #options: SimulatedCallOptions;
  readonly #resolve: (call: SimulatedCall) => void;
  readonly #reject: (error: unknown) => void;
  readonly #audio: CallAudio;
  readonly #playout = new AgentPlayout();
  readonly #sent: Samples[] = [];
  #mind: CallerMind;
  #voice: Samples = new Int16Array(0);
  #voiceAt = 0;
  /** Waits for speech to be synthesised, or for a thought: in the pace "fast" no time passes meanwhile. */
  #isBusy = false;
  #isFast = false;
  #isDone = false;
  /** Frames that came and were not answered yet, in the pace "fast". */
  #due = 0;
  /** What the agent played while the caller was busy: the frame beside it is still to be sent. */
  #owed: Samples | undefined;
  #openedAtMs = 0;
  #heardAtMs = 0;
  #reportedSamples = 0;
  #stopTicking: () => void;
  readonly #interrupt = () => this.#take({ type: "interrupt" });

  constructor(options: SimulatedCallOptions, resolve: (call: SimulatedCall) => void, reject: (error: unknown) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#mind = options.mind;
    this.#stopTicking = options.clock.after(OPEN_WITHIN_MS, () =>
      this.#fail(new Error(`The server did not open the call within ${OPEN_WITHIN_MS / 1000} seconds.`)),
    );
    this.#audio = new CallAudio(options.audioUrl, {
      onOpen: ({ pace }) => this.#open(pace),
      onAudio: (samples) => this.#hear(samples),
      onClear: () => {
        this.#playout.clear();
        this.#report();
      },
      onEvent: (entry: JournalEntry) => this.#take({ type: "entry", entry }),
      onClosed: (end) => {
        if ("reason" in end) this.#finish(end.reason);
        else this.#fail(end.error);
      },
    });
    options.interrupted.addEventListener("abort", this.#interrupt);
    if (options.interrupted.aborted) this.#fail(new Error("Interrupted before the call began."));
  }

  #open(pace: "real" | "fast"): void {
    const { clock } = this.#options;
    this.#stopTicking();
    this.#openedAtMs = this.#heardAtMs = clock.nowMs();
    this.#isFast = pace === "fast";
    this.#stopTicking = this.#isFast
      ? clock.every(1000, () => this.#checkStall())
      : clock.every(FRAME_MS, () => this.#catchUp());
  }

  #checkStall(): void {
    const { clock } = this.#options;
    if (this.#isBusy) this.#heardAtMs = clock.nowMs();
    if (clock.nowMs() - this.#heardAtMs < FAST_STALL_MS) return;
    this.#fail(new Error(`The server sent nothing for ${FAST_STALL_MS / 1000} seconds. Look at its log.`));
  }

  /** Wake-ups may be late or be left out; call time goes on all the same. */
  #catchUp(): void {
    const due = Math.floor((this.#options.clock.nowMs() - this.#openedAtMs) / FRAME_MS);
    while (this.#sent.length < due && !this.#isDone) this.#tick();
  }

  #hear(samples: Samples): void {
    this.#heardAtMs = this.#options.clock.nowMs();
    this.#playout.push(samples);
    if (!this.#isFast) return;
    this.#due += 1;
    this.#answerDue();
  }

  #answerDue(): void {
    while (this.#due > 0 && !this.#isBusy && !this.#isDone) {
      this.#due -= 1;
      this.#tick();
    }
  }

  #tick(): void {
    const played = this.#playout.tick();
    this.#reportIfDue();
    const isCallerSpeaking = this.#isBusy || this.#voiceAt < this.#voice.length;
    this.#take({ type: "tick", isAgentAudible: played.some((sample) => sample !== 0), isCallerSpeaking });
    if (this.#isDone) return;
    // What was ordered at this tick is still being synthesised: in the pace "fast" the frame waits for it.
    if (this.#isBusy && this.#isFast) this.#owed = played;
    else this.#send(played);
  }

  #sendOwed(): void {
    const owed = this.#owed;
    if (owed === undefined || this.#isBusy) return;
    this.#owed = undefined;
    this.#send(owed);
  }

  #send(played: Samples): void {
    const frame = this.#options.line.pass(this.#nextOfVoice(), played);
    this.#sent.push(frame.slice());
    this.#audio.send(frame);
  }

  #nextOfVoice(): Samples {
    const frame = new Int16Array(FRAME_SAMPLES);
    frame.set(this.#voice.subarray(this.#voiceAt, this.#voiceAt + FRAME_SAMPLES));
    this.#voiceAt += FRAME_SAMPLES;
    return frame;
  }

  #reportIfDue(): void {
    const isNew = this.#playout.playedSamples > this.#reportedSamples;
    const isTime = this.#sent.length % REPORT_EVERY_TICKS === 0 || this.#playout.queuedSamples === 0;
    if (!this.#isFast && isNew && isTime) this.#report();
  }

  #report(): void {
    this.#reportedSamples = this.#playout.playedSamples;
    this.#audio.reportPlayed(this.#reportedSamples);
  }

  #take(input: CallerInput): void {
    const { mind, orders } = this.#mind.take(input);
    this.#mind = mind;
    for (const order of orders) this.#obey(order);
  }

  #obey(order: CallerOrder): void {
    const { speak, makeSound, think } = this.#options;
    switch (order.type) {
      case "say":
        this.#await(speak(order.text), (samples) => this.#begin(samples));
        return;
      case "sound":
        this.#begin(makeSound(order.sound));
        return;
      case "hush":
        this.#begin(new Int16Array(0));
        return;
      case "press":
        this.#audio.pressDigit(order.digit);
        return;
      case "think":
        if (think === undefined) throw new Error("This caller can't think.");
        this.#await(think(order.heard), (thought) => this.#take({ type: "thought", thought }));
        return;
      case "hang-up":
        this.#audio.hangUp();
        return;
      case "drop":
        this.#finish("connection-lost");
    }
  }

  #begin(samples: Samples): void {
    this.#voice = samples;
    this.#voiceAt = 0;
  }

  #await<Value>(promise: Promise<Value>, take: (value: Value) => void): void {
    this.#isBusy = true;
    promise.then(
      (value) => {
        if (this.#isDone) return;
        this.#isBusy = false;
        take(value);
        this.#sendOwed();
        this.#answerDue();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #finish(reason: string): void {
    if (this.#isDone) return;
    this.#stop();
    this.#take({ type: "closed", reason });
    this.#resolve({
      course: this.#mind.course,
      caller: joinFrames(this.#sent),
      agent: this.#playout.heard(),
      durationMs: this.#sent.length * FRAME_MS,
      wallMs: this.#options.clock.nowMs() - this.#openedAtMs,
    });
  }

  #fail(error: unknown): void {
    if (this.#isDone) return;
    this.#stop();
    this.#reject(error);
  }

  #stop(): void {
    this.#isDone = true;
    this.#stopTicking();
    this.#audio.close();
    this.#options.interrupted.removeEventListener("abort", this.#interrupt);
  }
}

function joinFrames(frames: readonly Samples[]): Samples {
  const whole = new Int16Array(frames.length * FRAME_SAMPLES);
  for (const [index, frame] of frames.entries()) whole.set(frame, index * FRAME_SAMPLES);
  return whole;
}
