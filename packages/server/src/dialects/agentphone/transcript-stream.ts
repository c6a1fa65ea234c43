import type { JournalEntry } from "@earshot/engine";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import type { News } from "../../bus/topic-bus.ts";
import { journalTopic } from "../../calls/append-entries.ts";
import type { Call } from "../../calls/call.ts";
import { requireCall } from "../../calls/read-call.ts";
import { readEntries } from "../../calls/read-entries.ts";
import { toEpochMs } from "../../wall-clock.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { toDurationSeconds, toShownStatus } from "./call-view.ts";
import { pathPart, workspaceOf } from "./requests.ts";
import { TranscriptTurns } from "./transcript-turns.ts";

const HEARTBEAT_MS = 15_000;
/** How soon what another node has stored is seen. */
const TICK_MS = 1000;
/** From the last entry of a journal to the end in the call's row. */
const CLOSING_TICK_MS = 20;

type StreamDeps = Pick<DialectDeps, "calls" | "bus" | "clock">;

export function addTranscriptStreamRoutes(app: DialectApp, deps: DialectDeps): void {
  app.get("/v1/calls/:callId/transcript/stream", async (c) => {
    const call = await requireCall(deps.calls, workspaceOf(c), pathPart(c, "callId"));
    c.header("Cache-Control", "no-store");
    c.header("X-Accel-Buffering", "no");
    return streamSSE(c, (stream) => new TranscriptStream(deps, stream, call).run());
  });
}

/** One reader of one call: what was said so far, then what is said. */
class TranscriptStream {
  readonly #deps: StreamDeps;
  readonly #stream: SSEStreamingApi;
  readonly #turns = new TranscriptTurns();
  #call: Call;
  #lastSeq = 0;
  #quietMs = 0;
  #tickMs = TICK_MS;

  constructor(deps: StreamDeps, stream: SSEStreamingApi, call: Call) {
    this.#deps = deps;
    this.#stream = stream;
    this.#call = call;
  }

  async run(): Promise<void> {
    const news = this.#deps.bus.subscribe(journalTopic(this.#call.id));
    this.#stream.onAbort(() => news.close());
    try {
      await this.#sendConnected();
      await this.#refresh();
      const iterator = news[Symbol.asyncIterator]();
      let next = iterator.next();
      while (this.#call.status !== "ended" && !this.#stream.aborted) {
        const arrived = await this.#orTick(next);
        if (arrived === "tick") await this.#rest();
        else if (arrived.done) return;
        else next = iterator.next();
        if (arrived === "tick" || !(await this.#take(arrived.value))) await this.#refresh();
      }
      if (this.#call.status === "ended") await this.#sendEnded();
    } finally {
      news.close();
    }
  }

  /** Reads what is stored: the call as it is now, and entries that weren't heard of. */
  async #refresh(): Promise<void> {
    const { calls } = this.#deps;
    this.#call = await requireCall(calls, this.#call.workspaceId, this.#call.id);
    for (const entry of await readEntries(calls, this.#call.id, this.#lastSeq)) await this.#send(entry);
  }

  /** False when the news doesn't tell enough. */
  async #take(news: News<JournalEntry>): Promise<boolean> {
    if (news.type === "missed" || news.message.seq > this.#lastSeq + 1) return false;
    if (news.message.seq <= this.#lastSeq) return true;
    const { type } = news.message.event;
    if (type === "call-started" || type === "call-ended") return false;
    await this.#send(news.message);
    return true;
  }

  async #send(entry: JournalEntry): Promise<void> {
    this.#lastSeq = entry.seq;
    if (entry.event.type === "call-ended") this.#tickMs = CLOSING_TICK_MS;
    for (const { role, content, atMs } of this.#turns.add(entry))
      await this.#write("turn", { role, content, createdAt: this.#toMoment(atMs) });
  }

  #sendConnected(): Promise<void> {
    const { id, agentId, agentName, direction, fromNumber, toNumber, startedAt, createdAt } = this.#call;
    return this.#write("connected", {
      callId: id,
      status: toShownStatus(this.#call),
      agentId: agentId ?? null,
      agentName,
      direction,
      fromNumber: fromNumber ?? "",
      toNumber: toNumber ?? "",
      startedAt: startedAt ?? createdAt,
    });
  }

  #sendEnded(): Promise<void> {
    const { id, endedAt } = this.#call;
    const [status, durationSeconds] = [toShownStatus(this.#call), toDurationSeconds(this.#call)];
    return this.#write("ended", { callId: id, status, endedAt: endedAt ?? null, durationSeconds });
  }

  async #write(event: string, data: unknown): Promise<void> {
    this.#quietMs = 0;
    await this.#stream.writeSSE({ event, data: JSON.stringify(data) });
  }

  async #rest(): Promise<void> {
    this.#quietMs += this.#tickMs;
    if (this.#quietMs < HEARTBEAT_MS) return;
    this.#quietMs = 0;
    await this.#stream.write(": heartbeat\n\n");
  }

  async #orTick<Value>(next: Promise<Value>): Promise<Value | "tick"> {
    const { promise, resolve } = Promise.withResolvers<"tick">();
    const cancel = this.#deps.clock.after(this.#tickMs, () => resolve("tick"));
    try {
      return await Promise.race([next, promise]);
    } finally {
      cancel();
    }
  }

  #toMoment(atMs: number): string {
    const startedAtMs = toEpochMs(this.#call.startedAt ?? this.#call.createdAt);
    return this.#deps.clock.at(startedAtMs + Math.round(atMs)).toISOString();
  }
}
