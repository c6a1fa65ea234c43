import type { JournalEntry } from "@earshot/sdk";
import { percentile } from "../bench/statistics.ts";
import type { Course } from "../callers/course.ts";
import { type ReplySpan, replyAt, toReplySpans } from "./call-facts.ts";
import { type Check, toCheck } from "./check.ts";
import type { Expectations } from "./expectation-shape.ts";

type Limits = NonNullable<Expectations["responseMs"]>;
/** One measured wait; `ms` Infinity: it never ended. */
export type Measured = { readonly ms: number; readonly atMs: number };

/** After a sound that is no turn the agent may stop for a moment, and must be going on by then. */
const STOPPED_WITHIN_MS = 1500;
const RESUMED_WITHIN_MS = 4000;
/** A sound hasn't reached the agent's ears before. */
const MIN_LATENESS_MS = 20;

export function checkLimits(name: string, limits: Limits, measured: readonly Measured[]): Check[] {
  const values = measured.map(({ ms }) => ms);
  return Object.entries(limits).map(([kind, limitMs = 0]) => {
    if (measured.length === 0)
      return toCheck(`${name} ${kind}`, false, { wanted: `at most ${limitMs} ms`, observed: "nothing to measure" });
    const observed = kind === "max" ? Math.max(...values) : percentile(values, kind === "p50" ? 50 : 95);
    const worst = measured.find(({ ms }) => ms === Math.max(...values));
    return toCheck(`${name} ${kind}`, observed <= limitMs, {
      wanted: `at most ${limitMs} ms`,
      observed: `${toText(observed)} (${values.map(toText).join(", ")})`,
      atMs: worst?.atMs,
    });
  });
}

/** From the first sound of each interruption until the agent was silent. */
export function toYields(journal: readonly JournalEntry[], { marks }: Pick<Course, "marks">): readonly Measured[] {
  const spans = toReplySpans(journal);
  return marks.flatMap(({ did, startMs }) => {
    const reply = did === "interrupted" ? replyAt(spans, startMs + MIN_LATENESS_MS) : undefined;
    if (reply === undefined) return [];
    if (!reply.wasCancelled) return [{ ms: Number.POSITIVE_INFINITY, atMs: startMs }];
    return [{ ms: (reply.endedAtMs ?? startMs) - startMs, atMs: startMs }];
  });
}

/** What the caller did meanwhile that is no turn, and whether the agent went on. */
export function checkKeepsTalking(journal: readonly JournalEntry[], { marks }: Pick<Course, "marks">): Check[] {
  const spans = toReplySpans(journal);
  const sounds = marks.filter(({ did, what }) => did === "backchannelled" || (did === "sounded" && what !== "beep"));
  return sounds.flatMap(({ what, startMs, endMs = startMs }) => {
    const reply = replyAt(spans, startMs);
    if (reply === undefined) return [];
    const hasStopped = reply.wasCancelled && (reply.endedAtMs ?? 0) <= endMs + STOPPED_WITHIN_MS;
    const isResumed = hasStopped && isTakenUp(spans, reply);
    return toCheck(`keeps talking through "${what}"`, !hasStopped || isResumed, {
      wanted: "goes on, or takes it up again",
      observed: describe(hasStopped, isResumed),
      atMs: startMs,
    });
  });
}

function describe(hasStopped: boolean, isResumed: boolean): string {
  if (!hasStopped) return "went on";
  return isResumed ? "stopped and took it up again" : "stopped";
}

function isTakenUp(spans: readonly ReplySpan[], { endedAtMs = 0 }: ReplySpan): boolean {
  return spans.some(
    ({ purpose, orderedAtMs }) =>
      purpose === "resume" && orderedAtMs >= endedAtMs && orderedAtMs - endedAtMs <= RESUMED_WITHIN_MS,
  );
}

function toText(ms: number): string {
  return Number.isFinite(ms) ? `${Math.round(ms)} ms` : "never";
}
