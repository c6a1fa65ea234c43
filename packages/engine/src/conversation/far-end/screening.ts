/** A call screener asks who is calling and why: it is told at once, and waited for. */

import type { Conversation } from "../conversation.ts";
import { dropDraft } from "../drafting.ts";
import { andThen, type Step, stay, step } from "../step.ts";
import { findVocabulary } from "../vocabulary/find-vocabulary.ts";
import { asksToHold, joinWords } from "../words.ts";
import { isConnecting, isScreener } from "./evidence.ts";
import { introduce } from "./introduce.ts";

/** What the model is told where neither identity nor purpose is set. */
const ASKED =
  "A call screener answers for the person you are calling. Say in one sentence who is calling and why, then wait.";

/** What is owed to it then. Undefined: the words are no screener's. */
export function answerScreener(now: Conversation, words: string, atMs: number): Step | undefined {
  const { screening, language } = now.rules;
  if (screening === undefined || now.farEnd?.who !== "unknown") return undefined;
  if (!isScreener(words, findVocabulary(language))) return undefined;
  const { greeting } = now.rules;
  const screened: Conversation = {
    ...now,
    farEnd: { ...now.farEnd, isScreened: true, words: "", hasYielded: true },
    greeting: greeting.mode === "off" ? "settled" : "awaits-words",
    isOnHold: true,
  };
  const noted = step(screened, {
    type: "note-far-end",
    who: "screener",
    because: "it asks who is calling",
    confidence: 0.9,
  });
  return andThen(noted, (next) => andThen(dropDraft(next), (free) => stay(oweAnswer(free, atMs))));
}

/** In words that are set, or else in the model's. */
function oweAnswer(now: Conversation, atMs: number): Conversation {
  const say = introduce(now.rules.screening ?? {}, now.rules.language);
  if (say !== "") return { ...now, owed: { ...now.owed, answer: false, line: joinWords(now.owed.line, say) } };
  return { ...now, history: [...now.history, { role: "instruction", text: ASKED, atMs }] };
}

/** Somebody is being fetched: there is nothing to say. Undefined: the words are somebody's who wants an answer. */
export function waitForPerson(now: Conversation, words: string): Conversation | undefined {
  const vocabulary = findVocabulary(now.rules.language);
  if (now.farEnd?.isScreened !== true || now.farEnd.who !== "unknown") return undefined;
  if (!isConnecting(words, vocabulary) && !asksToHold(words, vocabulary)) return undefined;
  return { ...now, isOnHold: true, owed: { ...now.owed, answer: false } };
}
