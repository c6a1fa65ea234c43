import type { Effect, JournalEntry } from "@earshot/engine";
import { SEGMENTS, type Segment, type Turn } from "./call.ts";

/** Moments of the turn that is being answered, ms since the call began. */
type Waiting = {
  readonly lastSampleAtMs: number;
  readonly reached: Partial<Record<Segment, number>>;
  savedMs?: number;
  /** Somebody has said something, and not just made a sound. */
  hasWords?: true;
};

/** An answer begun before the turn was over, and what it had reached by then. */
type Draft = { readonly begunAtMs: number; readonly reached: Partial<Record<Segment, number>> };

/** Replies that answer a caller; reminders and resumed sentences answer nobody. */
const ANSWERS = new Set(["answer", "line", "apology", "goodbye"]);
/** Answers whoever has spoken first. */
const GREETING = "greeting";

/**
 * How long each answer took from the caller's last sample to the agent's first, and on what. Turns that were never
 * answered aloud are left out.
 */
export function toTurns(entries: readonly JournalEntry[]): Turn[] {
  const turns: Turn[] = [];
  const answers = new Set<string>();
  const drafts = new Map<string, Draft>();
  let waiting: Waiting | undefined;
  for (const { event, effects, atMs } of entries) {
    followDrafts(drafts, { event, effects, atMs });
    if (event.type === "caller-speech-started") waiting = undefined;
    if (event.type === "caller-speech-ended")
      waiting = { lastSampleAtMs: event.lastSampleAtMs, reached: { speechEndMs: atMs } };
    if (waiting === undefined) continue;
    noteWords(waiting, event, atMs);
    if ("replyId" in event && answers.has(event.replyId)) {
      const segment = REPLY_STEPS[event.type];
      if (segment !== undefined) waiting.reached[segment] ??= atMs;
      if (event.type === "reply-audio-started") {
        turns.push(toTurn(waiting, event.replyId, atMs));
        waiting = undefined;
        continue;
      }
    }
    for (const effect of effects) {
      takeUpDraft(waiting, drafts, effect, atMs);
      startAnswer(waiting, answers, effect, atMs);
    }
  }
  return turns;
}

function noteWords(waiting: Waiting, event: JournalEntry["event"], atMs: number): void {
  if (event.type !== "transcript-final") return;
  waiting.reached.transcriptMs = atMs;
  if (event.text.trim() !== "") waiting.hasWords = true;
}

function followDrafts(drafts: Map<string, Draft>, { event, effects, atMs }: Omit<JournalEntry, "seq">): void {
  if ("replyId" in event) {
    const segment = REPLY_STEPS[event.type];
    const reached = drafts.get(event.replyId)?.reached;
    if (segment !== undefined && reached !== undefined) reached[segment] ??= atMs;
  }
  for (const effect of effects)
    if (effect.type === "draft-reply") drafts.set(effect.replyId, { begunAtMs: atMs, reached: {} });
}

/** What was done before the turn's end costs the caller nothing. */
function takeUpDraft(waiting: Waiting, drafts: ReadonlyMap<string, Draft>, effect: Effect, atMs: number): void {
  if (effect.type !== "start-reply" || effect.isDrafted === undefined) return;
  const draft = drafts.get(effect.replyId);
  if (draft === undefined) return;
  Object.assign(waiting.reached, draft.reached);
  waiting.savedMs = Math.min(atMs, draft.reached.firstAudioMs ?? atMs) - draft.begunAtMs;
}

const REPLY_STEPS: Readonly<Record<string, Segment | undefined>> = {
  "reply-text-started": "firstTextMs",
  "reply-sentence": "firstSentenceMs",
  "reply-audio-ready": "firstAudioMs",
};

/** A second start within one turn follows a tool: what was reached for the first is part of the tool's time. */
function startAnswer(waiting: Waiting, answers: Set<string>, effect: Effect, atMs: number): void {
  if (effect.type !== "start-reply") return;
  if (!ANSWERS.has(effect.purpose) && !(effect.purpose === GREETING && waiting.hasWords)) return;
  answers.add(effect.replyId);
  const { reached } = waiting;
  if (reached.endOfTurnMs === undefined) {
    reached.endOfTurnMs = atMs;
    return;
  }
  reached.toolsMs = atMs;
  delete reached.firstTextMs;
  delete reached.firstSentenceMs;
  delete reached.firstAudioMs;
}

function toTurn({ lastSampleAtMs, reached, savedMs }: Waiting, replyId: string, startedAtMs: number): Turn {
  const end = Math.max(startedAtMs, lastSampleAtMs);
  const segments: Partial<Record<Segment, number>> = {};
  let from = lastSampleAtMs;
  for (const segment of SEGMENTS) {
    const reachedAtMs = segment === "playoutMs" ? end : reached[segment];
    if (reachedAtMs === undefined) continue;
    const until = Math.min(Math.max(reachedAtMs, from), end);
    segments[segment] = until - from;
    from = until;
  }
  const saved = savedMs === undefined ? {} : { savedMs };
  return { replyId, atMs: lastSampleAtMs, responseMs: end - lastSampleAtMs, segments, ...saved };
}
