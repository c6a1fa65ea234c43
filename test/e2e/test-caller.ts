/** A caller on the audio WebSocket, whose connection, pace and manners the test decides. */
import { once } from "node:events";
import { FRAME_MS, FRAME_SAMPLES, type JournalEntry, type Samples } from "@earshot/engine";
import { type RawData, WebSocket } from "ws";

/** What a client keeps in hand before it begins to play. */
const JITTER_BUFFER_MS = 60;
const REPORT_EVERY_TICKS = 5;
const WAIT_MS = 90_000;

type Message = Readonly<Record<string, unknown>> & { readonly type: string };

export class TestCaller {
  readonly entries: JournalEntry[] = [];
  /** The agent's samples in the order of their arrival. */
  readonly received: Samples[] = [];
  readonly messages: Message[] = [];
  /** When playback ran dry in the middle of a reply, ms of silence each time. */
  readonly gapsMs: number[] = [];
  closedWith: string | undefined;
  #url: string;
  readonly #pace: "real" | "fast";
  #isSending: boolean;
  readonly #waiting = new Set<() => void>();
  #socket: WebSocket;
  readonly #speech: Samples[] = [];
  #queued = 0;
  #played = 0;
  #reported = 0;
  #playFromMs: number | undefined;
  #dryFromMs: number | undefined;
  #isReplying = false;
  #startMs = 0;
  #ticks = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;

  private constructor(url: string, options: { pace: "real" | "fast"; isSending: boolean }) {
    this.#url = url;
    this.#pace = options.pace;
    this.#isSending = options.isSending;
    this.#socket = this.#connect();
  }

  /** Connects and waits for the call to open. `isSending` false: no audio is ever sent. */
  static async call(
    url: string,
    { pace = "real", isSending = true }: { pace?: "real" | "fast"; isSending?: boolean } = {},
  ): Promise<TestCaller> {
    const caller = new TestCaller(url, { pace, isSending });
    await caller.untilMessage("open");
    caller.#begin();
    return caller;
  }

  /** Where a connection to the call is to be had now. */
  get url(): string {
    return this.#url;
  }

  /** Agent samples received since the call began. */
  get receivedSamples(): number {
    return this.received.reduce((sum, { length }) => sum + length, 0);
  }

  get playedSamples(): number {
    return this.#played;
  }

  /** Says this next; silence follows. Resolves when the last of it has been sent. */
  async say(samples: Samples): Promise<void> {
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
      const frame = new Int16Array(FRAME_SAMPLES);
      frame.set(samples.subarray(at, at + FRAME_SAMPLES));
      this.#speech.push(frame);
    }
    await this.until(() => this.#speech.length === 0, "everything was said");
  }

  /** Waits for a fact of this type: the first that `matches`, past ones included. */
  async untilFact(type: JournalEntry["event"]["type"], matches = (_: JournalEntry) => true): Promise<JournalEntry> {
    const find = () => this.entries.find((entry) => entry.event.type === type && matches(entry));
    await this.until(() => find() !== undefined, type);
    return find() as JournalEntry;
  }

  async untilMessage(type: string): Promise<Message> {
    await this.until(() => this.messages.some((message) => message.type === type), `message ${type}`);
    return this.messages.find((message) => message.type === type) as Message;
  }

  async untilClosed(): Promise<string> {
    await this.until(() => this.closedWith !== undefined, "the call was closed");
    return this.closedWith ?? "";
  }

  /** Waits until `isTrue`; asked again whenever something happens. */
  until(isTrue: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(check);
        const told = this.entries.filter(({ event }) => event.type !== "reply-heard");
        const last = told.slice(-12).map(({ atMs, event }) => `${atMs} ${JSON.stringify(event)}`);
        reject(new Error(`waited ${WAIT_MS} ms in vain for: ${what}; last facts:\n${last.join("\n")}`));
      }, WAIT_MS);
      const check = () => {
        if (!isTrue()) return;
        clearTimeout(late);
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Sends no audio any more, not even silence. */
  mute(): void {
    this.#isSending = false;
  }

  /** What the agent's replies were heard to say. */
  transcript(role: "agent" | "caller"): string {
    const wanted = role === "agent" ? "reply-heard" : "transcript-final";
    return this.entries
      .flatMap(({ event }) => (event.type === wanted && "text" in event ? [event.text] : []))
      .join(" ");
  }

  hangUp(): Promise<string> {
    this.tell({ type: "hang-up" });
    return this.untilClosed();
  }

  tell(message: Message): void {
    this.send(JSON.stringify(message));
  }

  send(data: string | Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  /** The connection breaks without a word. */
  async vanish(): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#socket.terminate();
    await closed;
  }

  /** Sends what makes the server cut the connection, and waits until it has. */
  async sendUntilCut(data: Uint8Array): Promise<void> {
    const closed = once(this.#socket, "close");
    this.send(data);
    await closed;
  }

  async untilCut(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.CLOSED) await once(this.#socket, "close");
  }

  /** Comes back on a new connection and says how much it has. */
  async comeBack(): Promise<void> {
    this.#socket = this.#connect();
    await once(this.#socket, "open");
    this.tell({ type: "resume", received: this.receivedSamples });
  }

  /** Ends whatever is left. Idempotent. */
  close(): void {
    clearInterval(this.#ticking);
    this.#socket.terminate();
  }

  #connect(): WebSocket {
    const socket = new WebSocket(this.#url);
    socket.on("message", (data: RawData, isBinary: boolean) => {
      if (socket !== this.#socket) return;
      if (isBinary) this.#hear(data as Buffer);
      else this.#take(JSON.parse(String(data)) as Message);
      this.#check();
    });
    socket.on("close", () => this.#check());
    socket.on("error", (error) => this.messages.push({ type: "socket-error", message: error.message }));
    return socket;
  }

  #begin(): void {
    this.#startMs = performance.now();
    if (this.#pace === "real") this.#ticking = setInterval(() => this.#catchUp(), FRAME_MS);
  }

  #catchUp(): void {
    const due = Math.floor((performance.now() - this.#startMs) / FRAME_MS);
    for (; this.#ticks < due; this.#ticks++) this.#tick();
    this.#check();
  }

  #tick(): void {
    if (this.#isSending) this.#sendFrame();
    this.#play(this.#startMs + this.#ticks * FRAME_MS);
    if (this.#ticks % REPORT_EVERY_TICKS === 0) this.#report();
  }

  #sendFrame(): void {
    const frame = this.#speech.shift() ?? new Int16Array(FRAME_SAMPLES);
    this.send(new Uint8Array(frame.buffer));
  }

  #play(nowMs: number): void {
    if (this.#playFromMs === undefined || nowMs < this.#playFromMs) return;
    if (this.#queued >= FRAME_SAMPLES) {
      this.#queued -= FRAME_SAMPLES;
      this.#played += FRAME_SAMPLES;
      this.#dryFromMs = undefined;
    } else this.#dryFromMs ??= nowMs;
  }

  #report(): void {
    if (this.#played === this.#reported) return;
    this.#reported = this.#played;
    this.tell({ type: "played", samples: this.#played });
  }

  #hear(data: Buffer): void {
    const samples = new Int16Array(data.length >> 1);
    Buffer.from(samples.buffer).set(data.subarray(0, samples.byteLength));
    this.received.push(samples);
    if (this.#pace === "fast") {
      this.#sendFrame();
      return;
    }
    const nowMs = performance.now();
    if (this.#dryFromMs !== undefined && this.#isReplying) this.gapsMs.push(Math.round(nowMs - this.#dryFromMs));
    if (this.#queued < FRAME_SAMPLES && (!this.#isReplying || this.#playFromMs === undefined)) {
      this.#playFromMs = nowMs + JITTER_BUFFER_MS;
      this.#dryFromMs = undefined;
    }
    this.#isReplying = true;
    this.#queued += samples.length;
  }

  #take(message: Message): void {
    this.messages.push(message);
    if (message.type === "event") this.#note(message["entry"] as JournalEntry);
    if (message.type === "open") this.#keep(message["resumeToken"]);
    if (message.type === "clear") {
      this.#queued = 0;
      this.#report();
    }
    if (message.type === "closed") {
      this.closedWith = String(message["reason"]);
      clearInterval(this.#ticking);
    }
  }

  /** The first token has begun the call, and opens nothing any more. */
  #keep(resumeToken: unknown): void {
    if (typeof resumeToken === "string") this.#url = this.#url.replace(/token=.*/, `token=${resumeToken}`);
  }

  #note(entry: JournalEntry): void {
    this.entries.push(entry);
    if (entry.event.type === "reply-ended" || entry.event.type === "reply-cancelled") this.#isReplying = false;
  }

  #check(): void {
    for (const check of [...this.#waiting]) check();
  }
}
