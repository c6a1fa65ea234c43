import { EarshotError } from "@earshot/sdk";
import type { CallAudio, CallAudioHandlers } from "../audio/call-audio.ts";
import { MicrophoneError } from "../audio/microphone.ts";
import type { Call, CreatedCall } from "./call.ts";
import type { CallSocketHandlers, CallSocketState } from "./call-socket.ts";
import { addEntries, EMPTY_JOURNAL, type Journal } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";

/** What a page needs to draw a call. */
export type LiveCallState = {
  readonly phase: "asking-microphone" | "connecting" | "talking" | "reconnecting" | "ended" | "failed";
  readonly journal: Journal;
  readonly microphone: "on" | "muted" | "lost";
  readonly callId?: string;
  /** A sentence about something that went wrong but didn't end the call. */
  readonly notice?: string;
  /** Why it could not be started, in `failed`. */
  readonly failure?: { readonly title: string; readonly fix: string };
  /** In `ended`, as soon as the server has told. */
  readonly call?: Call;
  readonly endReason?: string;
};

type LiveAudio = Pick<CallAudio, "level" | "play" | "clear" | "setDucked" | "setMuted" | "replaceMicrophone" | "close">;
type LiveSocket = {
  open(): void;
  sendAudio(frame: Int16Array<ArrayBuffer>): void;
  reportPlayed(samples: number): void;
  pressDigit(digit: string): boolean;
  hangUp(): boolean;
  close(reason: string): void;
};

/** The outside of a call; the page passes the real one, a test its own. */
export interface CallSurroundings {
  openAudio(handlers: CallAudioHandlers): Promise<LiveAudio>;
  openSocket(audioUrl: string, handlers: CallSocketHandlers): LiveSocket;
  createCall(agentId: string): Promise<CreatedCall>;
  getCall(callId: string): Promise<Call>;
  getJournal(callId: string): Promise<readonly JournalEntry[]>;
  endCall(callId: string): Promise<void>;
  after(delayMs: number, run: () => void): () => void;
}

const NO_AUDIO_LEVEL = 0;
/** The server closes a call's books a moment after its last word. */
const SETTLE_EVERY_MS = 500;
const SETTLE_ATTEMPTS = 10;

/** One call of this page from the click on Talk to its end: microphone, API and socket brought together. */
export class LiveCall {
  readonly #outside: CallSurroundings;
  readonly #listeners = new Set<() => void>();
  #state: LiveCallState = { phase: "asking-microphone", journal: EMPTY_JOURNAL, microphone: "on" };
  #audio: LiveAudio | undefined;
  #socket: LiveSocket | undefined;
  #hasBeenOpen = false;

  constructor(outside: CallSurroundings) {
    this.#outside = outside;
  }

  get state(): LiveCallState {
    return this.#state;
  }

  /** Loudness of the microphone, 0 to 1. */
  get level(): number {
    return this.#state.microphone === "lost" ? NO_AUDIO_LEVEL : (this.#audio?.level ?? NO_AUDIO_LEVEL);
  }

  /** Calls back after each change; the returned function stops that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts once; never throws: what goes wrong is in the state. */
  async start(agentId: string): Promise<void> {
    try {
      const audio = await this.#outside.openAudio({
        onFrame: (frame) => this.#socket?.sendAudio(frame),
        onPlayed: (samples) => this.#socket?.reportPlayed(samples),
        onMicrophoneLost: () => this.#set({ microphone: "lost" }),
      });
      this.#audio = audio;
      if (this.#isOver) return await audio.close();
      this.#set({ phase: "connecting" });
      const { id, audioUrl } = await this.#outside.createCall(agentId);
      this.#set({ callId: id });
      if (this.#isOver) return await this.#outside.endCall(id);
      this.#socket = this.#outside.openSocket(audioUrl, this.#socketHandlers(id));
      this.#socket.open();
    } catch (cause) {
      await this.#audio?.close();
      if (!this.#isOver) this.#set({ phase: "failed", failure: toFailure(cause) });
    }
  }

  hangUp(): void {
    const { callId } = this.#state;
    if (this.#isOver) return;
    if (this.#socket === undefined) this.#end("caller-hung-up");
    else if (!this.#socket.hangUp() && callId !== undefined) this.#outside.endCall(callId).catch(() => undefined);
  }

  pressDigit(digit: string): void {
    if (this.#socket?.pressDigit(digit) !== true)
      this.#set({ notice: "The digit was not sent: the connection is lost." });
  }

  setMuted(isMuted: boolean): void {
    if (this.#state.microphone === "lost") return;
    this.#audio?.setMuted(isMuted);
    this.#set({ microphone: isMuted ? "muted" : "on" });
  }

  /** After a microphone was unplugged. */
  async replaceMicrophone(): Promise<void> {
    try {
      await this.#audio?.replaceMicrophone();
      this.#audio?.setMuted(false);
      this.#set({ microphone: "on" }, "notice");
    } catch (cause) {
      const { title, fix } = toFailure(cause);
      this.#set({ notice: `${title} ${fix}` });
    }
  }

  #socketHandlers(callId: string): CallSocketHandlers {
    return {
      onState: (state) => this.#follow(callId, state),
      onAudio: (samples) => this.#audio?.play(samples),
      onClear: () => this.#audio?.clear(),
      onDuck: (isDucked) => this.#audio?.setDucked(isDucked),
      onEntry: (entry) => this.#set({ journal: addEntries(this.#state.journal, [entry]) }),
      onProblem: (notice) => this.#set({ notice }),
    };
  }

  #follow(callId: string, state: CallSocketState): void {
    switch (state.name) {
      case "connecting":
        return;
      case "open":
        this.#set({ phase: "talking" }, "notice");
        if (this.#hasBeenOpen) this.#catchUp(callId);
        this.#hasBeenOpen = true;
        return;
      case "reconnecting":
        this.#set({ phase: "reconnecting" });
        return;
      case "closed":
        this.#end(state.reason);
    }
  }

  /** What happened while the connection was lost. */
  #catchUp(callId: string): void {
    this.#outside.getJournal(callId).then(
      (entries) => this.#set({ journal: addEntries(this.#state.journal, entries) }),
      () => this.#set({ notice: "Some captions of the lost connection are missing." }),
    );
  }

  #end(endReason: string): void {
    const { callId } = this.#state;
    this.#set({ phase: "ended", endReason });
    this.#audio?.close().catch(() => undefined);
    if (callId !== undefined) this.#settle(callId, SETTLE_ATTEMPTS);
  }

  /** Asks for the call until the server has it down as ended, then shows its own account of it. */
  #settle(callId: string, attemptsLeft: number): void {
    this.#outside.getCall(callId).then(
      (call) => {
        if (call.status !== "ended" && attemptsLeft > 1) {
          this.#outside.after(SETTLE_EVERY_MS, () => this.#settle(callId, attemptsLeft - 1));
          return;
        }
        this.#set({ call, ...(call.endReason === undefined ? {} : { endReason: call.endReason }) });
        this.#catchUp(callId);
      },
      () => this.#set({ notice: "The server can't be reached for the recording." }),
    );
  }

  get #isOver(): boolean {
    return this.#state.phase === "ended" || this.#state.phase === "failed";
  }

  #set(change: Partial<LiveCallState>, ...cleared: "notice"[]): void {
    const { notice, ...rest } = this.#state;
    const kept = notice === undefined || cleared.includes("notice") ? rest : this.#state;
    this.#state = { ...kept, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function toFailure(cause: unknown): { title: string; fix: string } {
  if (cause instanceof MicrophoneError) return { title: cause.title, fix: cause.fix };
  if (cause instanceof EarshotError && cause.status === 401)
    return { title: "You are no longer signed in.", fix: "Reload the page to sign in again." };
  if (cause instanceof EarshotError) return { title: "The call could not be started.", fix: cause.message };
  const detail = cause instanceof Error ? cause.message : String(cause);
  return { title: "The sound of this page could not be started.", fix: detail };
}
