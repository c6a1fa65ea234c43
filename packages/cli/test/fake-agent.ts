import type { WebSocket } from "ws";

export type FakeAgentOptions = {
  /** What the far end does once the caller's words are over. Default "answer". */
  readonly afterSpeech?: "answer" | "nothing" | "hang-up";
  /** How many times faster than the clock the pace "real" runs. Default 1. */
  readonly haste?: number;
};

const FRAME_SAMPLES = 320;
const FRAME_MS = 20;
const HANGOVER_MS = 200;
const REPLY_FRAMES = 25;

export const NEW_CALL = {
  id: "call_1",
  agentId: "agt_1",
  agentName: "Front desk",
  type: "web",
  pace: "real",
  status: "created",
  createdAt: "2026-01-01T00:00:00.000Z",
  transcript: [],
  turns: [],
};

/** Speaks the protocol of a call's audio connection: greets, takes any sound for speech, and answers it with a tone. */
export class FakeAgent {
  readonly journal: object[] = [];
  framesReceived = 0;
  soundReceived = 0;
  playedReports: number[] = [];
  /** Frame number, from 0, of the caller's first sound. */
  firstSoundFrame: number | undefined;
  readonly #socket: WebSocket;
  readonly #pace: "real" | "fast";
  readonly #options: FakeAgentOptions;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  #toSend = 0;
  #endsAtTick = 0;
  #replyId = "";
  #replies = 0;
  #lastSoundTick: number | undefined;
  #isEnded = false;

  constructor(socket: WebSocket, pace: "real" | "fast", options: FakeAgentOptions) {
    this.#socket = socket;
    this.#pace = pace;
    this.#options = options;
    socket.on("message", (data: Buffer, isBinary) => (isBinary ? this.#hear(data) : this.#obey(String(data))));
    this.#tell({ type: "open", callId: "call_1", pace });
    this.#startReply("greeting");
    if (pace === "fast") this.#sendFrame();
    else this.#timer = setInterval(() => this.#tick(), FRAME_MS / (options.haste ?? 1));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  toCall(): object {
    return {
      ...NEW_CALL,
      pace: this.#pace,
      status: this.#isEnded ? "ended" : "active",
      endReason: "caller-hung-up",
      transcript: [
        { role: "agent", text: "Hello.", atMs: 0 },
        { role: "caller", text: "When do you open?", atMs: 900 },
        { role: "agent", text: "At nine.", atMs: 2000, wasCutOff: true },
      ],
      turns: [{ replyId: "r2", atMs: 2000, responseMs: 200, segments: { endOfTurnMs: 150, languageModelMs: 50 } }],
    };
  }

  #hear(data: Buffer): void {
    if (data.some((byte) => byte !== 0)) {
      this.firstSoundFrame ??= this.framesReceived;
      this.soundReceived += data.length / 2;
      if (this.#lastSoundTick === undefined) this.#log("caller-speech-started", { utteranceId: 1 });
      this.#lastSoundTick = this.#ticks;
    }
    this.framesReceived += 1;
    if (this.#pace === "fast" && !this.#isEnded) this.#tick();
  }

  #obey(text: string): void {
    const message = JSON.parse(text) as { type: string; samples?: number };
    if (message.type === "played") this.playedReports.push(message.samples ?? 0);
    if (message.type === "hang-up") this.#end("caller-hung-up");
  }

  #tick(): void {
    this.#ticks += 1;
    if (this.#replyId !== "" && this.#ticks === this.#endsAtTick) {
      this.#log("reply-ended", { replyId: this.#replyId });
      this.#replyId = "";
    }
    if (this.#lastSoundTick !== undefined && this.#ticks - this.#lastSoundTick > HANGOVER_MS / FRAME_MS) {
      this.#lastSoundTick = undefined;
      this.#log("caller-speech-ended", { utteranceId: 1 });
      const { afterSpeech = "answer" } = this.#options;
      if (afterSpeech === "answer") this.#startReply("answer");
      if (afterSpeech === "hang-up") this.#end("agent-hung-up");
    }
    if (this.#isEnded) return;
    if (this.#pace === "fast" || this.#toSend > 0) this.#sendFrame();
  }

  #startReply(purpose: string): void {
    this.#replies += 1;
    this.#replyId = `r${this.#replies}`;
    this.#toSend = REPLY_FRAMES;
    this.#endsAtTick = this.#ticks + REPLY_FRAMES + 2;
    this.#log("timer-fired", {}, { type: "start-reply", replyId: this.#replyId, purpose });
  }

  #sendFrame(): void {
    this.#socket.send(Buffer.alloc(FRAME_SAMPLES * 2, this.#toSend > 0 ? 7 : 0));
    this.#toSend = Math.max(0, this.#toSend - 1);
  }

  #log(type: string, details: object, ...effects: object[]): void {
    const atMs = this.#ticks * FRAME_MS;
    const entry = { seq: this.journal.length + 1, atMs, event: { type, atMs, ...details }, effects };
    this.journal.push(entry);
    this.#tell({ type: "event", entry });
  }

  #end(reason: string): void {
    this.#isEnded = true;
    this.close();
    this.#tell({ type: "closed", reason });
    this.#socket.close();
  }

  #tell(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }
}
