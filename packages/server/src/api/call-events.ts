import type { JournalEntry } from "@earshot/engine";
import { createRoute } from "@hono/zod-openapi";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { z } from "zod";
import type { News } from "../bus/topic-bus.ts";
import { journalTopic } from "../calls/append-entries.ts";
import { requireCall } from "../calls/read-call.ts";
import { readEntries } from "../calls/read-entries.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { idParams, newRouter, PROBLEMS } from "./router.ts";

/** Keeps proxies from closing a quiet stream, and finds what another node has stored meanwhile. */
const TICK_MS = 10_000;

const watch = createRoute({
  method: "get",
  path: "/v1/calls/{id}/events",
  operationId: "watchCall",
  tags: ["calls"],
  summary: "Watch a call live",
  description:
    "Server-sent events: each `data` is a journal entry as JSON, each `id` its seq. All entries so far come first; " +
    "with Last-Event-ID only those after it. The stream ends with the call; resuming it then gives 204.",
  request: {
    params: idParams("call_0mh3k2x9a4n8c1d5e7f9g0a"),
    headers: z.object({ "last-event-id": z.coerce.number().int().min(0).default(0) }),
  },
  responses: {
    200: { content: { "text/event-stream": { schema: z.string() } }, description: "The entries." },
    204: { description: "The call has ended and there is nothing more." },
    ...PROBLEMS,
  },
});

type WatchDeps = Pick<AppDeps, "calls" | "bus" | "clock">;

export function callEventRoutes(deps: WatchDeps) {
  return newRouter().openapi(watch, async (c) => {
    const call = await requireCall(deps.calls, c.get("principal").workspaceId, c.req.valid("param").id);
    const afterSeq = c.req.valid("header")["last-event-id"];
    if (call.status === "ended") {
      const [next] = await deps.calls.readEntries(call.id, { afterSeq, limit: 1 });
      if (next === undefined) return c.body(null, 204);
    }
    c.header("Cache-Control", "no-store");
    c.header("X-Accel-Buffering", "no");
    return streamSSE(c, (stream) => sendEntries(deps, stream, { callId: call.id, afterSeq }));
  });
}

async function sendEntries(
  deps: WatchDeps,
  stream: SSEStreamingApi,
  from: { readonly callId: string; readonly afterSeq: number },
): Promise<void> {
  const news = deps.bus.subscribe(journalTopic(from.callId));
  stream.onAbort(() => news.close());
  let lastSeq = from.afterSeq;
  let hasEnded = false;
  const send = async (entry: JournalEntry) => {
    await stream.writeSSE({ id: String(entry.seq), data: JSON.stringify(entry) });
    lastSeq = entry.seq;
    hasEnded = entry.event.type === "call-ended";
  };
  const catchUp = async () => {
    for (const entry of await readEntries(deps.calls, from.callId, lastSeq)) await send(entry);
  };
  try {
    await catchUp();
    const iterator = news[Symbol.asyncIterator]();
    let next = iterator.next();
    while (!hasEnded && !stream.aborted) {
      const arrived = await orTick(deps, next);
      if (arrived === "tick") {
        await stream.write(": still here\n\n");
        await catchUp();
        continue;
      }
      if (arrived.done) return;
      next = iterator.next();
      if (isNext(arrived.value, lastSeq)) await send(arrived.value.message);
      else if (!isKnown(arrived.value, lastSeq)) await catchUp();
    }
  } finally {
    news.close();
  }
}

function isNext(news: News<JournalEntry>, lastSeq: number): news is Extract<News<JournalEntry>, { type: "message" }> {
  return news.type === "message" && news.message.seq === lastSeq + 1;
}

function isKnown(news: News<JournalEntry>, lastSeq: number): boolean {
  return news.type === "message" && news.message.seq <= lastSeq;
}

async function orTick<Value>(deps: WatchDeps, next: Promise<Value>): Promise<Value | "tick"> {
  const { promise, resolve } = Promise.withResolvers<"tick">();
  const cancel = deps.clock.after(TICK_MS, () => resolve("tick"));
  try {
    return await Promise.race([next, promise]);
  } finally {
    cancel();
  }
}
