import type { JournalEntry } from "@earshot/sdk";
import type { WebSocket } from "ws";
import { hum } from "./fake-voice.ts";

const FRAME_SAMPLES = 320;
const LEAD_SAMPLES = 3200;
const SPEECH_LEVEL = 400;
const END_OF_SPEECH_MS = 400;
const BARGE_IN_MS = 300;
const RESUME_WINDOW_MS = 20_000;

type Told = { readonly type: string } & Record<string, unknown>;

/** What the fake recogniser hears and the fake agent says, turn by turn. */
export type Script = { readonly greeting: string; readonly turns: readonly { heard: string; said: string }[] };

type Reply = {
  id: string;
  samples: Int16Array<ArrayBuffer>;
  words: string[];
  sent: number;
  told: number;
  startedAt: number;
};

/** A call without models: it listens for loudness, "recognises" its script and hums the answers. */
export class FakeCall {
  readonly id: string;
  readonly journal: JournalEntry[] = [];
  readonly #script: Script;
  readonly #startedAtMs = Date.now();
  readonly #ticking = setInterval(() => this.#tick(), 20);
  #socket: WebSocket | undefined;
  #endReason: string | undefined;
  #endedAtMs = 0;
  #lostAtMs: number | undefined;
  #reply: Reply | undefined;
  #sent = 0;
  #played = 0;
  #turn = 0;
  #utteranceId = 0;
  #speechMs = 0;
  #silenceMs = 0;
  #isTalking = false;
  #cancelling = false;

  constructor(id: string, script: Script) {
    this.id = id;
    this.#script = script;
  }

  get summary() {
    const ended =
      this.#endReason === undefined ? undefined : { endReason: this.#endReason, durationMs: this.#endedAtMs };
    const recordingUrl = `/v1/calls/${this.id}/recording`;
    return {
      id: this.id,
      status: ended === undefined ? "active" : "ended",
      ...ended,
      ...(ended ? { recordingUrl } : {}),
    };
  }

  get durationMs(): number {
    return this.#endReason === undefined ? this.#nowMs : this.#endedAtMs;
  }

  attach(socket: WebSocket): void {
    const isFirst = this.#socket === undefined && this.journal.length === 0;
    this.#socket = socket;
    this.#lostAtMs = undefined;
    this.#send({ type: "open", callId: this.id, pace: "real" });
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.#hear(new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length)));
      else this.#obey(JSON.parse(data.toString()) as { type: string; samples?: number; digit?: string });
    });
    socket.on("close", () => {
      if (this.#socket !== socket || this.#endReason !== undefined) return;
      this.#lostAtMs = this.#nowMs;
      this.#note({ type: "leg-lost" });
    });
    if (isFirst) this.#greet();
    else this.#note({ type: "leg-resumed" });
  }

  #greet(): void {
    this.#note({ type: "call-started" }, { type: "start-reply", replyId: "reply-0", purpose: "answer" });
    this.#speak("reply-0", this.#script.greeting);
  }

  end(reason: string): void {
    if (this.#endReason !== undefined) return;
    if (this.#reply !== undefined) this.#settle("reply-cancelled");
    this.#note({ type: "call-ended", reason });
    this.#endReason = reason;
    this.#endedAtMs = this.#nowMs;
    clearInterval(this.#ticking);
    this.#send({ type: "closed", reason });
    this.#socket?.close();
  }

  /** Cuts the connection as a network would. */
  drop(): void {
    this.#socket?.terminate();
  }

  get #nowMs(): number {
    return Date.now() - this.#startedAtMs;
  }

  #send(message: object): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  #note(fact: Told, ...effects: Told[]): void {
    const atMs = this.#nowMs;
    const entry = { seq: this.journal.length + 1, atMs, event: { ...fact, atMs }, effects };
    this.journal.push(entry);
    this.#send({ type: "event", entry });
  }

  #obey(message: { type: string; samples?: number; digit?: string }): void {
    if (message.type === "hang-up") this.end("caller-hung-up");
    if (message.type === "digit") this.#note({ type: "digit-pressed", digit: message.digit ?? "" });
    if (message.type === "resume" && this.#reply !== undefined) {
      this.#reply.sent = Math.max(0, this.#reply.sent - (this.#sent - this.#played));
      this.#sent = this.#played;
    }
    if (message.type !== "played") return;
    this.#played = message.samples ?? 0;
    this.#tellHeard();
    const reply = this.#reply;
    if (reply === undefined) return;
    if (this.#cancelling) this.#settle("reply-cancelled");
    else if (this.#played - reply.startedAt >= reply.samples.length) this.#settle("reply-ended");
  }

  #hear(frame: Int16Array): void {
    const level = Math.sqrt(frame.reduce((sum, value) => sum + value * value, 0) / frame.length);
    if (level > SPEECH_LEVEL) this.#hearSpeech();
    else if (this.#isTalking) this.#hearSilence();
  }

  #hearSpeech(): void {
    this.#silenceMs = 0;
    this.#speechMs += 20;
    if (!this.#isTalking) {
      this.#isTalking = true;
      this.#note({ type: "caller-speech-started", utteranceId: ++this.#utteranceId });
    }
    const words = this.#heard.split(" ");
    if (this.#speechMs % 400 === 0) {
      const text = words.slice(0, Math.max(1, this.#speechMs / 300)).join(" ");
      this.#note({ type: "transcript-partial", utteranceId: this.#utteranceId, text });
    }
    if (this.#reply === undefined || this.#cancelling || this.#speechMs < BARGE_IN_MS) return;
    this.#cancelling = true;
    this.#note({ type: "timer-fired" }, { type: "cancel-reply", replyId: this.#reply.id });
    this.#send({ type: "clear" });
  }

  #hearSilence(): void {
    this.#silenceMs += 20;
    if (this.#silenceMs < END_OF_SPEECH_MS) return;
    this.#isTalking = false;
    this.#speechMs = 0;
    const utteranceId = this.#utteranceId;
    const lastSampleAtMs = this.#nowMs - this.#silenceMs;
    this.#note({ type: "caller-speech-ended", utteranceId, lastSampleAtMs });
    const replyId = `reply-${utteranceId}`;
    const { heard, said } = this.#script.turns[this.#turn++ % this.#script.turns.length] ?? { heard: "", said: "" };
    this.#later(90, () => this.#note({ type: "transcript-final", utteranceId, text: heard }));
    this.#later(190, () => this.#note({ type: "timer-fired" }, { type: "start-reply", replyId, purpose: "answer" }));
    this.#later(260, () => this.#note({ type: "reply-text-started", replyId }));
    this.#later(300, () => this.#note({ type: "reply-sentence", replyId, text: said }));
    this.#later(340, () => this.#speak(replyId, said));
  }

  get #heard(): string {
    return this.#script.turns[this.#turn % this.#script.turns.length]?.heard ?? "";
  }

  #later(delayMs: number, run: () => void): void {
    setTimeout(() => this.#endReason === undefined && run(), delayMs);
  }

  #speak(id: string, text: string): void {
    this.#note({ type: "reply-audio-ready", replyId: id });
    this.#reply = { id, samples: hum(text), words: text.split(" "), sent: 0, told: 0, startedAt: this.#played };
    this.#sent = this.#played;
    this.#note({ type: "reply-audio-started", replyId: id });
  }

  #tick(): void {
    if (this.#lostAtMs !== undefined && this.#nowMs - this.#lostAtMs > RESUME_WINDOW_MS) this.end("connection-lost");
    const reply = this.#reply;
    if (reply === undefined || this.#cancelling) return;
    while (reply.sent < reply.samples.length && this.#sent - this.#played < LEAD_SAMPLES) {
      const frame = reply.samples.slice(reply.sent, reply.sent + FRAME_SAMPLES);
      if (this.#socket?.readyState === 1) this.#socket.send(Buffer.from(frame.buffer));
      reply.sent += frame.length;
      this.#sent += frame.length;
    }
  }

  #tellHeard(): void {
    const reply = this.#reply;
    if (reply === undefined) return;
    const share = (this.#played - reply.startedAt) / reply.samples.length;
    const count = Math.min(reply.words.length, Math.floor(share * reply.words.length));
    if (count <= reply.told) return;
    this.#note({ type: "reply-heard", replyId: reply.id, text: reply.words.slice(reply.told, count).join(" ") });
    reply.told = count;
  }

  #settle(type: "reply-ended" | "reply-cancelled"): void {
    const reply = this.#reply;
    this.#reply = undefined;
    this.#cancelling = false;
    if (reply !== undefined) this.#note({ type, replyId: reply.id });
  }
}
