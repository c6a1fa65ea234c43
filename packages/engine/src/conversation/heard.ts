/** Rule 5: history holds only what was heard. An agent's message grows as it is played out, and ends where it was cut. */

import { type Conversation, findOpenReply, type OpenReply, type Utterance } from "./conversation.ts";
import { type Step, stay } from "./step.ts";
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
  const generated = splitWords(reply.text === "" ? (reply.say ?? "") : reply.text);
  return generated.slice(splitWords(heardText(now, reply.id)).length).join(" ");
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
  const heard = splitWords(heardText(now, id)).length;
  if (filler === undefined) return heard;
  return filler.ownBefore + Math.max(0, heard - filler.heardBefore - filler.words);
}

/** Words that bridge a pause are heard next, whatever was generated before them. */
export function withFiller(now: Conversation, reply: OpenReply, text: string): OpenReply {
  const heardBefore = splitWords(heardText(now, reply.id)).length;
  const generated = splitWords(reply.text);
  const filler = splitWords(text);
  return {
    ...reply,
    text: [...generated.slice(0, heardBefore), ...filler, ...generated.slice(heardBefore)].join(" "),
    filler: { words: filler.length, heardBefore, ownBefore: ownWordsHeard(now, reply) },
  };
}

function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
