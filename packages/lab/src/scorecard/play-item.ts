/** One short call: the agent says its opening, the caller's item comes at its moment, and both go on for a while. */
import {
  type CallPlan,
  type Clock,
  FastClock,
  FRAME_SAMPLES,
  type JournalEntry,
  type LanguageModel,
  Session,
  type SpeechToText,
  SystemClock,
  type TextToSpeech,
  type ToolRunner,
  toMs,
  type VoiceActivity,
} from "@earshot/engine";
import type { CorpusItem } from "../corpus/corpus-item.ts";
import { CallerLine } from "../sound/caller-line.ts";
import { FarEnd } from "./far-end.ts";
import { TimedEars } from "./timed-ears.ts";

/** What is true of a call, in call time, and what the journal says about it. */
export type PlayedItem = {
  readonly item: Pick<CorpusItem, "id" | "kind" | "text">;
  readonly onsetMs: number;
  readonly endMs: number;
  /** The first sample that the line lets through: the telephone has no soft "s". Default: `onsetMs`. */
  readonly audibleMs?: number;
  /** When the words so far can be nothing but a turn; undefined: never. */
  readonly recognisableMs?: number;
  readonly journal: readonly JournalEntry[];
};

export type SpeechModels = {
  readonly voiceActivity: VoiceActivity;
  readonly speechToText: SpeechToText;
  readonly textToSpeech: TextToSpeech;
};

export type Play = {
  readonly item: CorpusItem;
  readonly plan: CallPlan;
  readonly languageModel: LanguageModel;
  readonly tools?: (clock: FastClock) => ToolRunner;
  /** Whether the caller may begin now. */
  readonly mayBegin: (journal: readonly JournalEntry[], nowMs: number) => boolean;
  /** Whether there is nothing more to be seen; `sinceEndMs` after the item's last sample. */
  readonly isDone: (journal: readonly JournalEntry[], sinceEndMs: number) => boolean;
};

/** Quieter than this no sound of the corpus begins: -46 dBFS. */
const AUDIBLE = 165;
/** An item that never begins means that the agent never spoke. */
const LONGEST_OPENING_MS = 30_000;
const NO_TOOLS: ToolRunner = { run: () => Promise.resolve({ outcome: "failed", result: "there are no tools" }) };

/**
 * `pace` counts what models take; default: real time.
 * @throws Error when the call broke or the item could not begin
 */
export async function playItem(play: Play, models: SpeechModels, pace: Clock = new SystemClock()): Promise<PlayedItem> {
  const { item, plan, languageModel, tools } = play;
  const clock = new FastClock(pace);
  const startMs = clock.nowMs();
  const lengthMs = toMs(item.samples.length);
  const bugs: unknown[] = [];
  const farEnd: FarEnd = new FarEnd({
    clock,
    item,
    onTick: (nowMs) => {
      const { journal, onsetAtMs } = farEnd;
      const atMs = nowMs - startMs;
      if (onsetAtMs !== undefined) {
        const sinceEndMs = nowMs - onsetAtMs - lengthMs;
        if (sinceEndMs > 0 && play.isDone(journal, sinceEndMs)) session.requestEnd("api-request");
      } else if (play.mayBegin(journal, atMs)) farEnd.say();
      else if (atMs > LONGEST_OPENING_MS) session.requestEnd("api-request");
    },
  });
  const session = new Session({
    plan,
    models: { ...models, speechToText: new TimedEars(models.speechToText, clock), languageModel },
    leg: farEnd,
    clock,
    journal: { append: () => {}, flush: () => Promise.resolve() },
    tools: tools?.(clock) ?? NO_TOOLS,
    onBug: (error) => bugs.push(error),
  });
  session.start();
  await session.done;
  const { onsetAtMs } = farEnd;
  if (bugs.length > 0) throw new Error(`The call with ${item.id} broke.`, { cause: bugs[0] });
  if (onsetAtMs === undefined) throw new Error(`The caller of ${item.id} never got to speak.`);
  const onsetMs = onsetAtMs - startMs;
  const journal = untilEndRequested(farEnd.journal);
  const audibleMs = onsetMs + firstAudible(item);
  return { item, onsetMs, endMs: onsetMs + lengthMs, audibleMs, ...recognisable(item, onsetMs), journal };
}

/** Hanging up stops the agent too, which is nobody's doing in the call. */
function untilEndRequested(journal: readonly JournalEntry[]): readonly JournalEntry[] {
  const end = journal.findIndex(({ event }) => event.type === "end-requested");
  return end === -1 ? journal : journal.slice(0, end);
}

/** Of the item as it comes over its line, were the line without noise and losses; ms after its first sample. */
function firstAudible({ samples, line }: CorpusItem): number {
  if (line.band !== "phone") return 0;
  const telephone = new CallerLine({ band: "phone" }, { seed: 0 });
  const nobody = new Int16Array(FRAME_SAMPLES);
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
    const frame = new Int16Array(FRAME_SAMPLES);
    frame.set(samples.subarray(at, at + FRAME_SAMPLES));
    const index = telephone.pass(frame, nobody).findIndex((sample) => Math.abs(sample) > AUDIBLE);
    // The telephone's filters hold a frame back.
    if (index >= 0) return Math.max(0, toMs(at + index - FRAME_SAMPLES));
  }
  return 0;
}

/** Words by which a listener says "I follow": nobody can take the floor with them alone. */
const LISTENERS_WORDS = new Set("yeah yes right okay oh uh huh i see mm hmm sure alright got it".split(" "));

function recognisable({ words }: CorpusItem, onsetMs: number): { recognisableMs?: number } {
  const telling = words.find(({ text }) => !LISTENERS_WORDS.has(text.toLowerCase().replace(/[^a-z']/g, "")));
  return telling === undefined ? {} : { recognisableMs: onsetMs + toMs(telling.toSample) };
}
