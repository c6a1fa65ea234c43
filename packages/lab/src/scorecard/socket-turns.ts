/** Whole turns played to a server over a real WebSocket at real pace: the response latency with transport counted in. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_MS, FRAME_SAMPLES, SystemClock, toMs } from "@earshot/engine";
import { CallAudio, type Earshot, type NewAgent } from "@earshot/sdk";
import { startChildServer } from "../bench/server/child-server.ts";
import type { CorpusItem } from "../corpus/corpus-item.ts";
import { CallerLine } from "../sound/caller-line.ts";

export type SocketTurn = {
  readonly id: string;
  /** From the turn's last sample, as it was sent, to the arrival of the answer's first; absent where it was cut off or missed. */
  readonly responseMs?: number | undefined;
  /** What of it is in no figure of the server's own: both ways through the sockets. */
  readonly transportMs?: number;
};

const THINK_MS = 600;
const ANSWER_WITHIN_MS = 8_000;
const READ_TRIES = 100;
const READ_AGAIN_MS = 100;

/** Starts a server of its own. One call at a time. @throws Error when the server or a call breaks */
export async function playThroughSocket(
  items: readonly CorpusItem[],
  { endpointingMs, signal }: { readonly endpointingMs: number; readonly signal?: AbortSignal | undefined },
): Promise<readonly SocketTurn[]> {
  const directory = await mkdtemp(join(tmpdir(), "earshot-scorecard-"));
  try {
    const server = await startChildServer(directory);
    try {
      const { client } = server;
      const agentId = await createAgent(client, endpointingMs);
      const turns: SocketTurn[] = [];
      for (const item of items) {
        signal?.throwIfAborted();
        const { id: callId, audioUrl } = await client.calls.create({ agentId, type: "web", pace: "real" });
        const responseMs = await sayTurn(audioUrl, item);
        const transportMs = responseMs === undefined ? undefined : responseMs - (await readResponse(client, callId));
        turns.push({ id: item.id, ...(transportMs === undefined ? {} : { responseMs, transportMs }) });
      }
      return turns;
    } finally {
      await server.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** An agent that lets the caller speak first. */
async function createAgent(client: Earshot, endpointingMs: number): Promise<string> {
  const { id } = await client.agents.create({
    name: "Listener of the scorecard",
    prompt: "You help callers.",
    greeting: { mode: "off" },
    turnTaking: { endOfTurnMinMs: endpointingMs },
  } as NewAgent);
  return id;
}

/** The server's own figure for the turn, once the ended call is written down. */
async function readResponse(client: Earshot, callId: string): Promise<number> {
  const clock = new SystemClock();
  for (let tries = 0; tries < READ_TRIES; tries++) {
    const { status, turns } = await client.calls.get(callId);
    const [turn] = turns;
    if (status === "ended" && turn !== undefined) return Math.round(turn.responseMs);
    await new Promise<void>((resolve) => clock.after(READ_AGAIN_MS, resolve));
  }
  throw new Error(`The call ${callId} has no turn.`);
}

/** Resolves with the response latency, ms; with undefined when the answer came too early or never. */
function sayTurn(audioUrl: string, item: CorpusItem): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const clock = new SystemClock();
  const line = new CallerLine(item.line, { seed: item.seed });
  const nobody = new Int16Array(FRAME_SAMPLES);
  const leadFrames = THINK_MS / FRAME_MS;
  // What is sent was said in the 20 ms before; the telephone's filters hold it back by a frame more.
  const behindMs = item.line.band === "phone" ? 0 : FRAME_MS;
  let stop = () => {};
  let [startedMs, sentFrames] = [0, 0];
  let endMs = Number.POSITIVE_INFINITY;
  let [answerAtMs, received]: [number | undefined, number] = [undefined, 0];

  const send = () => {
    const at = (sentFrames - leadFrames) * FRAME_SAMPLES;
    const frame = new Int16Array(FRAME_SAMPLES);
    if (at >= 0) frame.set(item.samples.subarray(at, at + FRAME_SAMPLES));
    if (at === 0) endMs = clock.nowMs() - behindMs + toMs(item.samples.length);
    audio.send(line.pass(frame, nobody));
    sentFrames++;
  };
  const catchUp = () => {
    while ((sentFrames + 1) * FRAME_MS <= clock.nowMs() - startedMs) send();
    if (answerAtMs !== undefined || clock.nowMs() - endMs > ANSWER_WITHIN_MS) audio.hangUp();
  };
  const audio = new CallAudio(audioUrl, {
    onOpen: () => {
      startedMs = clock.nowMs();
      stop = clock.every(FRAME_MS, catchUp);
    },
    onAudio: (samples) => {
      answerAtMs ??= clock.nowMs();
      received += samples.length;
      audio.reportPlayed(received);
    },
    onClear: () => audio.reportPlayed(received),
    onEvent: () => {},
    onClosed: (end) => {
      stop();
      if ("error" in end) reject(end.error);
      else resolve(answerAtMs === undefined || answerAtMs < endMs ? undefined : Math.round(answerAtMs - endMs));
    },
  });
  return promise;
}
