/** Rule 5: history holds only what was heard. An agent's message grows as it is played out, and ends where it was cut. */

import { type Conversation, findOpenReply, type OpenReply, type Utterance } from "./conversation.ts";
import { type Step, stay } from "./step.ts";
import { countUnits, splitAfterUnits } from "./unspaced.ts";
import { joinWords } from "./words.ts";

export function replyHeard(now: Conversation, replyId: string, text: string): Step {
  if (!findOpenReply(now, replyId)) return stay(now);
  return stay(changeMessage(now, replyId, (said) => ({ ...said, text: joinWords(said.text, text) })));
}

/** Changes the message of a reply. */
export function changeMessage(
  now: Conversation,
  replyId: string,
  change: (said: Utterance & { role: "agent" }) => Utterance,
): Conversation {
  const index = now.history.findLastIndex((said) => said.replyId === replyId);
  const said = now.history[index];
  return said?.role === "agent" ? { ...now, history: now.history.with(index, change(said)) } : now;
}

/** What was heard of a reply so far. */
export function heardText(now: Conversation, replyId: string): string {
  const said = now.history.findLast((candidate) => candidate.replyId === replyId);
  return said?.role === "agent" ? said.text : "";
}

/**
 * What was generated and not heard. Counts words: what is played is what was generated, in order. Sentences are without
 * markup, which an ordered text may have.
 */
export function unheardText(now: Conversation, reply: OpenReply): string {
  const generated = reply.text === "" ? (reply.say ?? "") : reply.text;
  const [, rest] = splitAfterUnits(generated, countUnits(heardText(now, reply.id)));
  return rest.replace(/\s+/g, " ");
}

/** Closes the message of a reply that is over: dropped when nothing of it was heard, marked when it was cut. */
export function settleMessage(now: Conversation, reply: OpenReply): Conversation {
  const isCut = unheardText(now, reply) !== "";
  const marked = changeMessage(now, reply.id, (said) => (isCut ? { ...said, wasCutOff: true } : said));
  return { ...marked, history: marked.history.filter((said) => said.replyId !== reply.id || !isEmpty(said)) };
}

function isEmpty(said: Utterance): boolean {
  return said.role === "agent" && said.text === "" && !said.toolCalls;
}

/** How many words were heard of a reply besides those that bridged a pause. */
export function ownWordsHeard(now: Conversation, { id, filler }: OpenReply): number {
  const heard = countUnits(heardText(now, id));
  if (filler === undefined) return heard;
  return filler.ownBefore + Math.max(0, heard - filler.heardBefore - filler.words);
}

/** Words that bridge a pause are heard next, whatever was generated before them. */
export function withFiller(now: Conversation, reply: OpenReply, text: string): OpenReply {
  const heardBefore = countUnits(heardText(now, reply.id));
  const [heard, rest] = splitAfterUnits(reply.text, heardBefore);
  return {
    ...reply,
    text: joinWords(joinWords(heard, text), rest),
    filler: { words: countUnits(text), heardBefore, ownBefore: ownWordsHeard(now, reply) },
  };
}
