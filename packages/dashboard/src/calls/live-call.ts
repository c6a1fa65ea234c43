import { EarshotError } from "@earshot/sdk";
import type { CallAccess, JournalEntry, WebCall, WebCallError, WebCallState } from "@earshot/web";
import type { Call, CreatedCall } from "./call.ts";
import { addEntries, EMPTY_JOURNAL, type Journal } from "./journal.ts";

/** What a page needs to draw a call. */
export type LiveCallState = {
  readonly phase: Exclude<WebCallState["phase"], "idle">;
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

/** The outside of a call; the page passes the real one, a test its own. */
export interface CallSurroundings {
  readonly call: Pick<
    WebCall,
    "state" | "level" | "on" | "start" | "stop" | "setMuted" | "sendDigit" | "chooseMicrophone"
  >;
  createCall(agentId: string): Promise<CreatedCall>;
  getCall(callId: string): Promise<Call>;
  getJournal(callId: string): Promise<readonly JournalEntry[]>;
  endCall(callId: string): Promise<void>;
  after(delayMs: number, run: () => void): () => void;
}

/** The server closes a call's books a moment after its last word. */
const SETTLE_EVERY_MS = 500;
const SETTLE_ATTEMPTS = 10;

/** One call of this page from the click on Talk to its end, with what the API knows of it. */
export class LiveCall {
  readonly #outside: CallSurroundings;
  readonly #listeners = new Set<() => void>();
  #state: LiveCallState = { phase: "asking-microphone", journal: EMPTY_JOURNAL, microphone: "on" };

  constructor(outside: CallSurroundings) {
    this.#outside = outside;
    const { call } = outside;
    call.on("state", (state) => this.#follow(state));
    call.on("message", (entry) => this.#set({ journal: addEntries(this.#state.journal, [entry]) }));
    call.on("reconnected", () => this.#catchUp());
    call.on("error", (error) => this.#explain(error));
  }

  get state(): LiveCallState {
    return this.#state;
  }

  /** Loudness of the microphone, 0 to 1. */
  get level(): number {
    return this.#outside.call.level;
  }

  /** Calls back after each change; the returned function stops that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts once; never throws: what goes wrong is in the state. */
  start(agentId: string): Promise<void> {
    return this.#outside.call.start(() => this.#create(agentId));
  }

  hangUp(): void {
    const { phase, callId } = this.#state;
    this.#outside.call.stop();
    // Without a connection the server hears nothing of it.
    if (phase !== "talking" && callId !== undefined) this.#outside.endCall(callId).catch(() => undefined);
  }

  pressDigit(digit: string): void {
    if (!this.#outside.call.sendDigit(digit)) this.#set({ notice: "The digit was not sent: the connection is lost." });
  }

  setMuted(isMuted: boolean): void {
    this.#outside.call.setMuted(isMuted);
  }

  /** After a microphone was unplugged. */
  async replaceMicrophone(): Promise<void> {
    try {
      await this.#outside.call.chooseMicrophone();
      this.#set({}, "notice");
    } catch (cause) {
      this.#set({ notice: cause instanceof Error ? cause.message : String(cause) });
    }
  }

  async #create(agentId: string): Promise<CallAccess> {
    const { id, audioUrl } = await this.#outside.createCall(agentId);
    this.#set({ callId: id });
    if (this.#isOver) await this.#outside.endCall(id);
    return { audioUrl };
  }

  #follow({ phase, microphone, endReason, failure }: WebCallState): void {
    if (phase === "idle") return;
    const { phase: before } = this.#state;
    this.#set(
      { phase, microphone, ...(endReason && { endReason }), ...(failure && { failure: toFailure(failure) }) },
      ...(phase === "talking" && before !== "talking" ? ["notice" as const] : []),
    );
    if (phase === "ended" && before !== "ended") this.#settle(SETTLE_ATTEMPTS);
  }

  #explain({ title, fix }: WebCallError): void {
    if (!this.#isOver) this.#set({ notice: `${title} ${fix}`.trim() });
  }

  /** What happened while the connection was lost. */
  #catchUp(): void {
    const { callId } = this.#state;
    if (callId === undefined) return;
    this.#outside.getJournal(callId).then(
      (entries) => this.#set({ journal: addEntries(this.#state.journal, entries) }),
      () => this.#set({ notice: "Some captions of the lost connection are missing." }),
    );
  }

  /** Asks for the call until the server has it down as ended, then shows its own account of it. */
  #settle(attemptsLeft: number): void {
    const { callId } = this.#state;
    if (callId === undefined) return;
    this.#outside.getCall(callId).then(
      (call) => {
        if (call.status !== "ended" && attemptsLeft > 1) {
          this.#outside.after(SETTLE_EVERY_MS, () => this.#settle(attemptsLeft - 1));
          return;
        }
        this.#set({ call, ...(call.endReason === undefined ? {} : { endReason: call.endReason }) });
        this.#catchUp();
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

function toFailure({ title, fix, cause }: WebCallError): { title: string; fix: string } {
  if (cause instanceof EarshotError && cause.status === 401)
    return { title: "You are no longer signed in.", fix: "Reload the page to sign in again." };
  return { title, fix };
}
