/** An answer begun early: silent, without tools, and thrown away unless the turn ends with just these words. */

import type { Conversation } from "./conversation.ts";
import { type Step, stay, step } from "./step.ts";
import { judgeWords } from "./turn-taking.ts";
import { joinWords, plainWords } from "./words.ts";

/** Below this the turn probably goes on, and the draft would be for nothing. */
const PROBABLE_END = 0.5;

/** Runs after every fact, before the next move: a draft for other words than the caller's is no use. */
export function reviewDraft(now: Conversation): Step {
  const { draft } = now;
  if (!draft) return stay(now);
  if (canAnswer(now) && isSame(draft.words, wordsSoFar(now))) return stay(now);
  return dropDraft(now);
}

export function dropDraft(now: Conversation): Step {
  const { draft } = now;
  return draft ? step({ ...now, draft: undefined }, { type: "drop-draft", replyId: draft.reply.id }) : stay(now);
}

/** Runs after the next move: the caller's turn isn't over, but probably will be. */
export function draftReply(now: Conversation): Step {
  if (now.draft || !now.rules.endOfTurn.isPreemptive || !canAnswer(now)) return stay(now);
  const words = wordsSoFar(now);
  if (words === "" || isSame(words, now.draftedWords)) return stay(now);
  const { judgement, predicted } = now.caller;
  const isJudged = judgement !== undefined && words === now.caller.words && predicted === undefined;
  const { finished } = isJudged ? judgement : judgeWords(now, words);
  if (finished < PROBABLE_END) return stay(now);
  const id = `reply-${now.count.replies + 1}`;
  const next: Conversation = {
    ...now,
    draft: { reply: { id, purpose: "answer", text: "" }, words },
    draftedWords: words,
    count: { ...now.count, replies: now.count.replies + 1 },
  };
  return step(next, { type: "draft-reply", replyId: id, words });
}

export function forgetDraft(now: Conversation, replyId: string): Conversation {
  return now.draft?.reply.id === replyId ? { ...now, draft: undefined } : now;
}

/** Nothing stands in the way of an answer but the question whether the caller has finished. */
function canAnswer(now: Conversation): boolean {
  if (now.realtime) return false;
  if (now.greeting !== "settled" || now.farEnd?.who === "machine") return false;
  if (now.phase.name !== "open" || now.agent.state !== "idle" || now.leg === "lost" || now.isMuted) return false;
  return now.tools.length === 0 && now.owed.announcement === "" && !hasKeyed(now.caller.words);
}

/** What the caller has said, if the utterance under way ends here. */
function wordsSoFar({ caller }: Conversation): string {
  const { words, probable, awaited } = caller;
  if (awaited.length > 1 || (awaited.length === 1 && probable === "")) return "";
  if (caller.state === "talking" && probable === "") return "";
  return joinWords(words, probable);
}

/** Digits come one by one, and the next one changes everything. */
function hasKeyed(words: string): boolean {
  return words.includes("pressed ");
}

function isSame(one: string, other: string): boolean {
  return one === other || plainWords(one).join(" ") === plainWords(other).join(" ");
}
