/** A call screener asks who is calling and why: it is told at once, and waited for. */

import type { Conversation } from "../conversation.ts";
import { dropDraft } from "../drafting.ts";
import { startReply } from "../replying.ts";
import { andThen, type Step, step } from "../step.ts";
import { findVocabulary } from "../vocabulary/find-vocabulary.ts";
import { asksToHold } from "../words.ts";
import { isConnecting, isScreener } from "./evidence.ts";
import { introduce } from "./introduce.ts";

/** What the model is told where neither identity nor purpose is set. */
const ASKED =
  "A call screener answers for the person you are calling. Say in one sentence who is calling and why, then wait.";

/** Undefined: the words are no screener's. */
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
  return andThen(andThen(noted, dropDraft), (next) => {
    const say = introduce(screening, language);
    if (say !== "") return startReply(next, { purpose: "line", say, atMs });
    const told: Conversation = { ...next, history: [...next.history, { role: "instruction", text: ASKED, atMs }] };
    return startReply(told, { purpose: "answer", atMs });
  });
}

/** Somebody is being fetched: there is nothing to say. Undefined: the words are somebody's who wants an answer. */
export function waitForPerson(now: Conversation, words: string): Conversation | undefined {
  const vocabulary = findVocabulary(now.rules.language);
  if (now.farEnd?.isScreened !== true || now.farEnd.who !== "unknown") return undefined;
  if (!isConnecting(words, vocabulary) && !asksToHold(words, vocabulary)) return undefined;
  return { ...now, isOnHold: true, owed: { ...now.owed, answer: false } };
}
