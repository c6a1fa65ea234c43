import { ConnectionError, EarshotError } from "./earshot-error.ts";
import type { components } from "./generated/openapi.ts";
import { ServerSentEvents } from "./server-sent-events.ts";
import { wait } from "./timing.ts";
import type { Transport } from "./transport.ts";

/** One fact of a call, with the orders that the rules gave for it. */
export type JournalEntry = components["schemas"]["JournalEntry"];

const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 4000;
/** Tries in a row without one new entry: about 20 s. */
const MAX_TRIES = 8;

/** The journal as it grows, over as many connections as it takes. */
export async function* followJournal(
  transport: Transport,
  path: string,
  options: { afterSeq?: number; signal?: AbortSignal },
): AsyncGenerator<JournalEntry, void, void> {
  const { signal } = options;
  let lastId = options.afterSeq === undefined ? "" : String(options.afterSeq);
  let tries = 0;
  while (!signal?.aborted) {
    try {
      for await (const entry of readOnce(transport, path, lastId, signal)) {
        lastId = String(entry.seq);
        tries = 0;
        yield entry;
        if (entry.event.type === "call-ended") return;
      }
    } catch (error) {
      if (signal?.aborted || error instanceof CallIsOver) return;
      if (!isPassing(error) || tries >= MAX_TRIES) throw error;
    }
    tries += 1;
    if (tries > MAX_TRIES) throw new ConnectionError("The server keeps ending the stream.", { code: "unreachable" });
    const delayMs = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), MAX_WAIT_MS);
    await wait(transport.timing, delayMs, signal).catch(() => undefined);
  }
}

async function* readOnce(
  transport: Transport,
  path: string,
  lastId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<JournalEntry, void, void> {
  const headers = { accept: "text/event-stream", ...(lastId === "" ? {} : { "last-event-id": lastId }) };
  const response = await transport.open({ path, headers, signal });
  const reader = response.body?.getReader();
  if (reader === undefined) throw new CallIsOver();
  const stream = new ServerSentEvents();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const event of stream.push(value)) yield JSON.parse(event.data) as JournalEntry;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The server has nothing more to tell: status 204. */
class CallIsOver extends Error {}

/** Whether connecting again may help: a lost connection, or an answer that says "not now". */
function isPassing(error: unknown): boolean {
  if (!(error instanceof EarshotError)) return !(error instanceof SyntaxError || error instanceof RangeError);
  return error.status === undefined || error.status === 429 || error.status >= 500;
}
