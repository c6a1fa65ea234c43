/** The calls that a scorecard is made of: which item comes at which moment, and when there is nothing more to see. */
import type { FastClock, JournalEntry, ToolRunner } from "@earshot/engine";
import type { CorpusItem, CorpusKind } from "../corpus/corpus-item.ts";
import { Random, seedFrom } from "../random.ts";
import { type Hearing, toPlan } from "./listener.ts";
import type { Play } from "./play-item.ts";
import { heardAnswers } from "./replies.ts";
import { type LookingUpMind, PLAIN_MIND } from "./scripted-mind.ts";

const VOICE_ID = "flite:slt";
/** What is a turn by itself. */
export const TURN_KINDS: readonly CorpusKind[] = [
  "sentence",
  "hesitation",
  "number",
  "email",
  "spelled-name",
  "date",
  "street",
];
/** What comes while the agent speaks. */
export const OVERLAP_KINDS: readonly CorpusKind[] = ["backchannel", "interruption", "noise"];
/** What comes while a tool runs. */
export const TOOL_KINDS: readonly CorpusKind[] = ["backchannel", "interruption", "sentence"];

/** Each is asked what it answers, as in a call. */
const QUESTIONS: Partial<Record<CorpusKind, string>> = {
  number: "What is the number, please?",
  email: "What is your e-mail address?",
  "spelled-name": "Could you spell your last name for me?",
  date: "Which date would you like?",
  street: "What is your address?",
};
const OPEN_QUESTION = "Hello, how can I help you?";
const MONOLOGUE = `Let me explain how this works. We are open from Monday to Friday, from eight in the morning until six
  in the evening, and on Saturdays until noon. You find us in the old town, five minutes by foot from the railway station,
  and there is a car park behind the building. The first visit takes about one hour, because we look at everything and
  answer all your questions. After that you get a plan with all costs, by mail, before anything begins.`.replace(
  /\s+/g,
  " ",
);

/** The caller thinks for a moment before they answer. */
const THINK_MS = 600;
/** An answer comes within this, or the turn was missed. */
const ANSWER_WITHIN_MS = 8_000;
/** After the first answer a second one would have come. */
const SECOND_ANSWER_WITHIN_MS = 2_500;
const AFTER_OVERLAP_MS = 4_000;
const TOOL_MS = 3_000;

export function playTurn(item: CorpusItem, hearing: Hearing): Play {
  const text = QUESTIONS[item.kind] ?? OPEN_QUESTION;
  return {
    item,
    plan: toPlan({ hearing, greeting: { mode: "static", text }, voiceId: VOICE_ID }),
    languageModel: PLAIN_MIND,
    mayBegin: (journal, nowMs) => {
      const asked = journal.find(({ event }) => event.type === "reply-ended");
      return asked !== undefined && nowMs - asked.atMs >= THINK_MS;
    },
    isDone: (journal, sinceEndMs) => sinceEndMs > ANSWER_WITHIN_MS || isAnswered(journal, sinceEndMs),
  };
}

/** Answered since the item's end, and long enough ago that a second answer would be there. */
function isAnswered(journal: readonly JournalEntry[], sinceEndMs: number): boolean {
  const nowMs = journal.at(-1)?.atMs ?? 0;
  const last = heardAnswers(journal).at(-1);
  const quietMs = nowMs - (last?.endedAtMs ?? nowMs);
  return last !== undefined && sinceEndMs > SECOND_ANSWER_WITHIN_MS + (nowMs - last.audibleAtMs) && quietMs >= 0;
}

export function playOverlap(item: CorpusItem): Play {
  const talkMs = new Random(seedFrom(item.seed, "moment")).between(1_500, 4_000);
  return {
    item,
    plan: toPlan({ greeting: { mode: "static", text: MONOLOGUE }, voiceId: VOICE_ID }),
    languageModel: PLAIN_MIND,
    mayBegin: (journal, nowMs) => {
      const begun = journal.find(({ event }) => event.type === "reply-audio-started");
      return begun !== undefined && nowMs - begun.atMs >= talkMs;
    },
    isDone: (_, sinceEndMs) => sinceEndMs > AFTER_OVERLAP_MS,
  };
}

export function playDuringTool(item: CorpusItem, mind: LookingUpMind): Play {
  const waitMs = new Random(seedFrom(item.seed, "moment")).between(0, 2_500);
  return {
    item,
    plan: toPlan({ greeting: { mode: "dynamic" }, voiceId: VOICE_ID }),
    languageModel: mind,
    tools: lookUp,
    mayBegin: (journal, nowMs) => {
      const begun = journal.find(({ effects }) => effects.some(({ type }) => type === "run-tool"));
      return begun !== undefined && nowMs - begun.atMs >= waitMs;
    },
    isDone: (_, sinceEndMs) => sinceEndMs > ANSWER_WITHIN_MS + TOOL_MS,
  };
}

function lookUp(clock: FastClock): ToolRunner {
  return {
    run: ({ toolCallId }) =>
      new Promise((resolve) =>
        clock.after(TOOL_MS, () => resolve({ outcome: "succeeded", result: `found for ${toolCallId}` })),
      ),
  };
}
