import type { EndReason } from "../conversation/end-reason.ts";
import type { Journal, JournalEntry } from "../journal/journal.ts";
import type { CallPlan } from "../session/call-plan.ts";
import type { Clock } from "../session/clock.ts";
import { FastClock } from "../session/fast-clock.ts";
import { Session } from "../session/session.ts";
import { toCallerActs } from "./recorded-call.ts";
import { toRecordedReplies } from "./recorded-replies.ts";
import { type AskModel, ReplayBrain } from "./replay-brain.ts";
import { ReplayCaller } from "./replay-caller.ts";
import { EstimatedVoice, REPLAY_VOICE_ACTIVITY, ReplayEars } from "./replay-models.ts";
import { ReplayTools } from "./replay-tools.ts";

/** Beyond the length of the recorded call. */
const EXTRA_MS = 600_000;
const DEFAULT_LETTER_MS = 75;
const DEFAULT_FIRST_AUDIO_MS = 100;

export type ReplayOptions = {
  /** The journal of the recorded call. */
  readonly entries: readonly JournalEntry[];
  /** What the call was held with; absent: nothing of what the model said then is used again. */
  readonly recordedPlan?: CallPlan | undefined;
  /** What it is held with now. */
  readonly plan: CallPlan;
  readonly ask: AskModel;
  /** Real time: for what the language model computes now. Everything else runs ahead of it. */
  readonly clock: Clock;
  /** Ends the call. */
  readonly signal: AbortSignal;
};

export type ReplayedCall = {
  readonly entries: readonly JournalEntry[];
  readonly endReason: EndReason;
  readonly repliesReused: number;
  readonly repliesAsked: number;
  readonly toolsNotRun: readonly { readonly name: string; readonly arguments: string }[];
  /** What the caller had still to say when the call ended. */
  readonly unsaid: readonly string[];
};

/** Holds a recorded call again, with the real session: the same caller, perhaps another agent. No tool is run. */
export async function runReplay(options: ReplayOptions): Promise<ReplayedCall> {
  const { entries, recordedPlan, plan, ask, signal } = options;
  const fast = new FastClock(options.clock);
  const clock = runsAhead(fast);
  const caller = new ReplayCaller(clock, toCallerActs(entries));
  const recorded = recordedPlan === undefined ? new Map() : toRecordedReplies(entries, recordedPlan);
  // A model that summed nothing up then may be one that can't.
  const context = entries.some(({ event }) => event.type === "history-summarised") ? undefined : "window";
  const brain = new ReplayBrain({ recorded, ask, clock: fast, context });
  const tools = new ReplayTools(entries, clock);
  const journal = new ReplayJournal();
  const bugs: unknown[] = [];
  const textToSpeech = new EstimatedVoice(clock, toPace(entries));
  const session = new Session({
    plan: { ...plan, partialEveryMs: 0 },
    models: {
      voiceActivity: REPLAY_VOICE_ACTIVITY,
      speechToText: new ReplayEars(caller, clock),
      languageModel: brain.model(undefined),
      textToSpeech,
    },
    sceneModels: ({ languageModel }) => ({ languageModel: brain.model(languageModel), textToSpeech }),
    leg: caller,
    clock,
    journal,
    tools,
    onBug: (error) => bugs.push(error),
  });
  caller.watch(
    () => session.conversation,
    (fact) => session.post(fact),
  );
  const end = () => session.requestEnd("api-request");
  signal.addEventListener("abort", end, { once: true });
  const cancelLimit = clock.after((entries.at(-1)?.atMs ?? 0) + EXTRA_MS, end);
  session.start();
  if (signal.aborted) end();
  const endReason = await session.done;
  cancelLimit();
  signal.removeEventListener("abort", end);
  if (bugs.length > 0) throw new Error("the replayed call broke off", { cause: bugs[0] });
  const unsaid = caller.unsaid.flatMap((act) => (act.kind === "speech" && act.words !== "" ? [act.words] : []));
  const { reused: repliesReused, asked: repliesAsked } = brain;
  return { entries: journal.entries, endReason, repliesReused, repliesAsked, toolsNotRun: tools.notRun, unsaid };
}

class ReplayJournal implements Journal {
  readonly entries: JournalEntry[] = [];

  append(entry: JournalEntry): void {
    this.entries.push(entry);
  }

  async flush(): Promise<void> {}
}

/** Only a model that is asked in earnest holds this time up: recorded delays need not be sat through. */
function runsAhead(clock: Clock): Clock {
  return {
    nowMs: () => clock.nowMs(),
    after: (delayMs, run) => clock.after(delayMs, run),
    every: (periodMs, run) => clock.every(periodMs, run),
    working: () => () => {},
  };
}

/** How fast the voice of the recorded call spoke, and how soon. */
function toPace(entries: readonly JournalEntry[]): { letterMs: number; firstAudioMs: number } {
  const heard = new Map<string, { letters: number; startedAtMs: number }>();
  const sentences = new Map<string, number>();
  const firstAudio: number[] = [];
  let letters = 0;
  let spokenMs = 0;
  for (const { event, atMs } of entries) {
    if (event.type === "reply-sentence" && !sentences.has(event.replyId)) sentences.set(event.replyId, atMs);
    if (event.type === "reply-audio-ready") firstAudio.push(atMs - (sentences.get(event.replyId) ?? atMs));
    if (event.type === "reply-audio-started") heard.set(event.replyId, { letters: 0, startedAtMs: atMs });
    const reply = "replyId" in event ? heard.get(event.replyId) : undefined;
    if (!reply) continue;
    if (event.type === "reply-heard") reply.letters += event.text.length + 1;
    if (event.type !== "reply-ended") continue;
    letters += reply.letters;
    spokenMs += atMs - reply.startedAtMs;
  }
  const median = firstAudio.toSorted((a, b) => a - b)[Math.floor(firstAudio.length / 2)];
  const letterMs = letters === 0 ? DEFAULT_LETTER_MS : Math.min(200, Math.max(20, spokenMs / letters));
  return { letterMs, firstAudioMs: median ?? DEFAULT_FIRST_AUDIO_MS };
}
