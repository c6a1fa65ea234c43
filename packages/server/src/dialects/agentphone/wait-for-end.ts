import type { JournalEntry } from "@earshot/engine";
import type { Subscription } from "../../bus/topic-bus.ts";
import { journalTopic } from "../../calls/append-entries.ts";
import { requireCall } from "../../calls/read-call.ts";
import type { DialectDeps } from "../kit/open-dialect.ts";

/** How soon the end of a call on another node is seen. */
const TICK_MS = 1000;
/** From the last entry of a journal to the end in the call's row. */
const CLOSING_TICK_MS = 20;

/**
 * Returns once a call has ended and is stored, when the time is over, or when the client has gone.
 * @throws AppError `not_found`
 */
export async function waitForEnd(
  { calls, bus, clock }: Pick<DialectDeps, "calls" | "bus" | "clock">,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const untilMs = clock.now().getTime() + options.timeoutMs;
  const news = bus.subscribe(journalTopic(id));
  let isClosing = false;
  const closing = untilLastEntry(news).then(() => {
    isClosing = true;
  });
  try {
    while ((await requireCall(calls, workspaceId, id)).status !== "ended") {
      const leftMs = untilMs - clock.now().getTime();
      if (leftMs <= 0 || options.signal.aborted) return;
      const { promise: tick, resolve } = Promise.withResolvers<void>();
      const cancel = clock.after(Math.min(isClosing ? CLOSING_TICK_MS : TICK_MS, leftMs), () => resolve());
      await Promise.race(isClosing ? [tick] : [closing, tick]);
      cancel();
    }
  } finally {
    news.close();
  }
}

async function untilLastEntry(news: Subscription<JournalEntry>): Promise<void> {
  for await (const item of news) if (item.type === "message" && item.message.event.type === "call-ended") return;
}
