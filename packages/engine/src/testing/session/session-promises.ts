/** What must hold of every call, whatever models, tools and lines did. */

import { isDeepStrictEqual } from "node:util";
import { replayJournal } from "../../journal/replay.ts";
import { BrokenRule } from "../rules/promises.ts";
import { HEARD_FRAMES, wordOf } from "./faulty-voice.ts";
import type { PlayedCall } from "./play-world.ts";

export function checkSessionPromises(call: PlayedCall): void {
  checkOver(call);
  checkJournal(call);
  checkTools(call);
  checkCallerWords(call);
  checkHeard(call);
}

/** Rule 6: the call is over, for a reason, and nothing of it goes on. */
function checkOver({ bugs, isDone, journal, leg, leftRunning, session }: PlayedCall): void {
  const [bug] = bugs;
  if (bug !== undefined) throw new BrokenRule(6, `an invariant broke: ${describe(bug)}`);
  if (!isDone) throw new BrokenRule(6, `a call that was left alone is still ${session.conversation.phase.name}`);
  const last = journal.entries.at(-1)?.event;
  if (last?.type !== "call-ended") throw new BrokenRule(6, `the last fact is ${last?.type ?? "missing"}`);
  const { phase } = session.conversation;
  if (phase.name !== "ended" || phase.reason !== last.reason)
    throw new BrokenRule(6, `ended for ${last.reason}, and the state says ${JSON.stringify(phase)}`);
  if (leg.closedWith === "internal") throw new BrokenRule(6, "the leg was closed for an internal reason");
  if (leftRunning > 0) throw new BrokenRule(6, `${leftRunning} periodic jobs run after the end`);
}

/** Rules 1 and 2: the journal is gapless, in order, and tells the whole call. */
function checkJournal({ journal, session }: PlayedCall): void {
  for (const [index, { seq, atMs }] of journal.entries.entries()) {
    if (seq !== index + 1) throw new BrokenRule(1, `entry ${index + 1} has number ${seq}`);
    const beforeMs = journal.entries[index - 1]?.atMs ?? 0;
    if (atMs < beforeMs) throw new BrokenRule(2, `entry ${seq} at ${atMs} ms stands behind one at ${beforeMs} ms`);
  }
  const replay = replayJournal(journal.entries);
  if (replay.outcome === "different")
    throw new BrokenRule(1, `entry ${replay.entry.seq} replays to ${JSON.stringify(replay.effects)}`);
  if (replay.outcome === "incomplete") throw new BrokenRule(1, `entry ${replay.missingSeq} is missing`);
  if (!isDeepStrictEqual(toJson(replay.conversation.history), toJson(session.conversation.history)))
    throw new BrokenRule(1, "the journal replays to another history");
  if (!isDeepStrictEqual(replay.conversation.summary, session.conversation.summary))
    throw new BrokenRule(1, "the journal replays to another summary");
}

/** Rule 7: once per id, and no result of a live call is lost. */
function checkTools({ journal, session, tools }: PlayedCall): void {
  const endedAtMs = journal.entries.at(-1)?.atMs ?? 0;
  const seen = new Set<string>();
  for (const { toolCallId, answeredAtMs } of tools.runs) {
    if (seen.has(toolCallId)) throw new BrokenRule(7, `${toolCallId} ran twice`);
    seen.add(toolCallId);
    const kept = session.conversation.history.filter((said) => said.role === "tool" && said.toolCallId === toolCallId);
    const isDue = answeredAtMs !== undefined && answeredAtMs < endedAtMs;
    if (kept.length > 1 || (isDue && kept.length === 0))
      throw new BrokenRule(7, `${toolCallId} has ${kept.length} results in the history`);
  }
}

/** Rule 6: what the caller was understood to say is in the history, in order. */
function checkCallerWords({ journal, session }: PlayedCall): void {
  const said = session.conversation.history.flatMap((line) => (line.role === "caller" ? [line.text] : [])).join(" ");
  let from = 0;
  for (const { event } of journal.entries) {
    if (event.type !== "transcript-final" || event.text === "") continue;
    const at = said.indexOf(event.text, from);
    if (at < 0) throw new BrokenRule(6, `"${event.text}" was said and got lost in "${said}"`);
    from = at + event.text.length;
  }
}

/** Rule 5: the agent's words in the history are those that reached the caller's ear. */
function checkHeard(call: PlayedCall): void {
  const kept = agentWords(call).filter(isSpoken);
  const heard = heardWords(call).filter(isSpoken);
  const slack = slackOf(call);
  if (slack === undefined) return;
  if (slack === 0 && kept.join(" ") !== heard.join(" "))
    throw new BrokenRule(5, `heard "${heard.join(" ")}", kept "${kept.join(" ")}"`);
  if (Math.abs(kept.length - heard.length) > slack)
    throw new BrokenRule(5, `heard ${heard.length} words, kept ${kept.length}`);
}

/** By how many words memory may differ from the ear; undefined where nobody could know what was heard. */
function slackOf({ leg, world, wasHeldUp, journal }: PlayedCall): number | undefined {
  if (world.realtime !== undefined) return undefined;
  if (leg.hasLostFrames || wasHeldUp || leg.closedWith === undefined) return undefined;
  if (world.voice.some(({ trouble, isUntimed }) => isUntimed || trouble?.is === "end")) return undefined;
  const { reportPlayback, reportDelayMs } = world.leg;
  if (reportPlayback && reportDelayMs === 0) return 0;
  return journal.entries.filter(({ effects }) => effects.some(({ type }) => type === "start-reply")).length;
}

function agentWords({ session }: PlayedCall): string[] {
  return session.conversation.history.flatMap((line) =>
    line.role === "agent" ? line.text.split(/\s+/).filter(isSaid) : [],
  );
}

/** Signs alone are read, not heard. */
function isSpoken(word: string): boolean {
  return /[\p{L}\p{N}]/u.test(word);
}

function heardWords({ leg, voice }: PlayedCall): string[] {
  return toRuns(leg.heard.map(({ frame }) => wordOf(frame))).flatMap(({ id, count }) => {
    const word = voice.words[id];
    return id > 0 && word !== undefined && isSaid(word) && count >= HEARD_FRAMES ? [word] : [];
  });
}

/** Frames of one word in a row; what was made once may be heard again later. */
function toRuns(ids: readonly number[]): { id: number; count: number }[] {
  const runs: { id: number; count: number }[] = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last?.id === id) last.count++;
    else runs.push({ id, count: 1 });
  }
  return runs;
}

/** Signs alone are kept and not spoken. */
function isSaid(word: string): boolean {
  return /[\p{L}\p{N}]/u.test(word);
}

function toJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
