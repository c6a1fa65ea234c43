/** The caller's end of one call: connects a script to a live call. */
import { type Clock, FRAME_SAMPLES, type Samples } from "@earshot/engine";
import { AgentPlayout } from "@earshot/lab/agent-playout";
import { CallAudio, type JournalEntry } from "@earshot/sdk";
import { CliError } from "../cli-error.ts";
import {
  beginScriptedCall,
  type CallInput,
  type CallOrder,
  type CallScript,
  type Outcome,
  type ScriptedCall,
  stepScriptedCall,
  TICK_MS,
} from "./call-script.ts";

export type PlacedCall = {
  readonly outcome: Outcome;
  readonly endReason: string;
  /** The agent as heard, as long as the call. */
  readonly heard: Samples;
  readonly durationMs: number;
  readonly wallMs: number;
};

export type PlaceCallOptions = {
  readonly audioUrl: string;
  /** What the caller says, 16 kHz; silence in between comes from the script. */
  readonly utterances: readonly Samples[];
  readonly wait: CallScript["wait"];
  readonly clock: Clock;
  readonly interrupted: AbortSignal;
  readonly onEntry: (entry: JournalEntry) => void;
  readonly onNote: (note: string) => void;
};

/** Reports what was played each 100 ms. */
const REPORT_EVERY_TICKS = 5;
const OPEN_WITHIN_MS = 15_000;
/** In the pace "fast" the server sets the time; a model may take this long. */
const FAST_STALL_MS = 120_000;

/** Makes the call and resolves when it is over. @throws CliError, EarshotError */
export function placeCall(options: PlaceCallOptions): Promise<PlacedCall> {
  return new Promise((resolve, reject) => new Caller(options, resolve, reject));
}

class Caller {
  readonly #options: PlaceCallOptions;
  readonly #resolve: (call: PlacedCall) => void;
  readonly #reject: (error: unknown) => void;
  readonly #audio: CallAudio;
  readonly #playout = new AgentPlayout();
  #call: ScriptedCall;
  #ticks = 0;
  #openedAtMs = 0;
  #reportedSamples = 0;
  #isOpen = false;
  #isFast = false;
  #stopTicking = () => {};
  #heardFromAtMs = 0;
  readonly #interrupt = () => {
    if (this.#isOpen) this.#take({ type: "interrupt" });
    else this.#fail(new CliError("Interrupted before the call began."));
  };

  constructor(options: PlaceCallOptions, resolve: (call: PlacedCall) => void, reject: (error: unknown) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#stopTicking = options.clock.after(OPEN_WITHIN_MS, () =>
      this.#fail(
        new CliError(`The server did not open the call within ${OPEN_WITHIN_MS / 1000} seconds. Look at its log.`),
      ),
    );
    const utteranceTicks = options.utterances.map((samples) => Math.ceil(samples.length / FRAME_SAMPLES));
    this.#call = beginScriptedCall({ utteranceTicks, wait: options.wait });
    this.#audio = new CallAudio(options.audioUrl, {
      onOpen: ({ pace }) => this.#open(pace),
      onAudio: (samples) => this.#hear(samples),
      onClear: () => this.#clear(),
      onEvent: (entry) => {
        options.onEntry(entry);
        this.#take({ type: "entry", entry });
      },
      onLost: () => options.onNote("The connection broke; resuming it."),
      onClosed: (end) => {
        if ("reason" in end) this.#finish(end.reason);
        else this.#fail(new CliError(`The call could not go on: ${end.error.message}`, { cause: end.error }));
      },
    });
    options.interrupted.addEventListener("abort", this.#interrupt);
    if (options.interrupted.aborted) this.#interrupt();
  }

  #open(pace: "real" | "fast"): void {
    const { clock } = this.#options;
    this.#stopTicking();
    this.#isOpen = true;
    this.#openedAtMs = this.#heardFromAtMs = clock.nowMs();
    this.#isFast = pace === "fast";
    this.#stopTicking = this.#isFast
      ? clock.every(1000, () => this.#checkStall())
      : clock.every(TICK_MS, () => this.#catchUp());
  }

  #checkStall(): void {
    if (this.#options.clock.nowMs() - this.#heardFromAtMs < FAST_STALL_MS) return;
    this.#fail(new CliError(`The server sent nothing for ${FAST_STALL_MS / 1000} seconds. Look at its log.`));
  }

  /** Wake-ups may be late or be left out; call time goes on all the same. */
  #catchUp(): void {
    const due = Math.floor((this.#options.clock.nowMs() - this.#openedAtMs) / TICK_MS);
    while (this.#ticks < due && this.#call.phase !== "over") this.#tick();
  }

  #hear(samples: Samples): void {
    this.#heardFromAtMs = this.#options.clock.nowMs();
    this.#playout.push(samples);
    if (this.#isFast) this.#tick();
  }

  #clear(): void {
    this.#playout.clear();
    this.#report();
  }

  #tick(): void {
    this.#ticks += 1;
    this.#playout.tick();
    const isNew = this.#playout.playedSamples > this.#reportedSamples;
    if (isNew && (this.#ticks % REPORT_EVERY_TICKS === 0 || this.#playout.queuedSamples === 0)) this.#report();
    this.#take({ type: "tick", isAgentAudible: this.#playout.isAudible });
  }

  #report(): void {
    this.#reportedSamples = this.#playout.playedSamples;
    this.#audio.reportPlayed(this.#reportedSamples);
  }

  #take(input: CallInput): void {
    const { call, orders } = stepScriptedCall(this.#call, input);
    this.#call = call;
    for (const order of orders) this.#obey(order);
  }

  #obey(order: CallOrder): void {
    switch (order.type) {
      case "send-silence":
        this.#audio.send(new Int16Array(FRAME_SAMPLES));
        break;
      case "send-speech":
        this.#audio.send(this.#frame(order.utterance, order.tick));
        break;
      case "hang-up":
        this.#audio.hangUp();
        break;
      case "drop":
        this.#options.onNote("The server did not close the call within 5 seconds; the connection was dropped.");
        this.#finish("connection-lost");
        break;
    }
  }

  #frame(utterance: number, tick: number): Samples {
    const frame = new Int16Array(FRAME_SAMPLES);
    const speech = this.#options.utterances[utterance];
    if (speech !== undefined) frame.set(speech.subarray(tick * FRAME_SAMPLES, (tick + 1) * FRAME_SAMPLES));
    return frame;
  }

  #finish(reason: string): void {
    this.#stop();
    this.#take({ type: "closed", reason });
    this.#resolve({
      outcome: this.#call.outcome ?? "failed",
      endReason: reason,
      heard: this.#playout.heard(),
      durationMs: this.#ticks * TICK_MS,
      wallMs: this.#options.clock.nowMs() - this.#openedAtMs,
    });
  }

  #fail(error: CliError): void {
    this.#stop();
    this.#reject(error);
  }

  #stop(): void {
    this.#stopTicking();
    this.#audio.close();
    this.#options.interrupted.removeEventListener("abort", this.#interrupt);
  }
}
