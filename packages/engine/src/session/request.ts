/** Puts what was heard into the words and the order that language models expect. */

import type { Conversation, Utterance } from "../conversation/conversation.ts";
import type { ReplyPurpose } from "../conversation/effect.ts";
import type { Message } from "../conversation/message.ts";
import { joinWords } from "../conversation/words.ts";
import type { LanguageModel, ReplyRequest } from "../models/language-model.ts";
import { inWindow, toldBefore } from "./context-window.ts";
import type { Scene } from "./scene.ts";

/** Of an agent that sets no limit: more than anybody wants to hear in one go. It keeps a model that finds no end from talking for minutes. */
const MAX_OUTPUT_TOKENS = 500;
const GREETING = "The call has just begun. Greet the caller in one or two short sentences.";

const SILENCE =
  "The caller has been silent for a while. Say something short that fits what was said last, or end the call if there is " +
  "nothing left to talk about.";

/** @param context what of a long call the model gets, see `LanguageModel.context` */
export function toReplyRequest(
  scene: Scene,
  now: Conversation,
  purpose: ReplyPurpose,
  context?: LanguageModel["context"],
): ReplyRequest {
  const messages =
    context === "whole" ? toMessages(now) : [...toldBefore(now, scene), ...toMessages(inWindow(now, scene))];
  const instruction = toInstruction(purpose);
  return {
    system: scene.system,
    messages: instruction === undefined ? messages : [...messages, { role: "instruction", text: instruction }],
    tools: scene.tools,
    variables: scene.variables,
    maxOutputTokens: scene.maxOutputTokens ?? MAX_OUTPUT_TOKENS,
    ...(scene.temperature === undefined ? {} : { temperature: scene.temperature }),
  };
}

/** The same, as if the caller's turn had ended with `words`. */
export function toDraftRequest(
  scene: Scene,
  now: Conversation,
  words: string,
  context?: LanguageModel["context"],
): ReplyRequest {
  const said = { role: "caller", text: words, atMs: now.caller.lastSampleAtMs } as const;
  return toReplyRequest(scene, { ...now, history: [...now.history, said] }, "answer", context);
}

/** What the model is told of a reply that answers nobody. */
export function toInstruction(purpose: ReplyPurpose): string | undefined {
  return INSTRUCTIONS[purpose];
}

const INSTRUCTIONS: Partial<Record<ReplyPurpose, string>> = { greeting: GREETING, reminder: SILENCE };

/** Words of the caller that still want an answer stand behind announcements that came between. */
function inAnsweringOrder(history: readonly Utterance[]): readonly Utterance[] {
  const first = history.findLastIndex((said) => said.role !== "instruction" && !isAnnounced(said)) + 1;
  const asked = history[first - 1];
  if (asked?.role !== "caller") return history;
  const later = history.slice(first);
  const notes = later.filter((said) => !isAnnounced(said));
  return [...history.slice(0, first - 1), ...later.filter(isAnnounced), asked, ...notes];
}

/** A reply of which nothing is heard yet is no message. */
function hasContent(said: Utterance): boolean {
  return said.role !== "agent" || said.text !== "" || said.toolCalls !== undefined;
}

function isAnnounced(said: Utterance): boolean {
  return said.isAnnouncement === true;
}

/** Tool results stand right behind the call that they answer; a tool still at work says so. */
export function toMessages(now: Conversation): Message[] {
  const results = toolResults(now);
  const messages: Message[] = [];
  for (const said of inAnsweringOrder(now.history.filter(hasContent))) {
    if (said.role === "caller") addCallerWords(messages, said.text);
    else if (said.role === "instruction") messages.push({ role: "instruction", text: said.text });
    else if (said.role === "tool") addLateResult(messages, said);
    else if (said.isFiller) addFiller(messages, said.text);
    else addAgentWords(messages, said, results);
  }
  return messages;
}

function toolResults(now: Conversation): Map<string, Message> {
  const results = new Map<string, Message>();
  for (const said of now.history) {
    if (said.role !== "tool" || said.isLate) continue;
    const { role, toolCallId, name, outcome, result } = said;
    results.set(toolCallId, { role, toolCallId, name, outcome, result });
  }
  return results;
}

function addAgentWords(
  messages: Message[],
  said: Utterance & { role: "agent" },
  results: ReadonlyMap<string, Message>,
): void {
  const { role, text, toolCalls, wasCutOff } = said;
  messages.push({ role, text, ...(wasCutOff ? { wasCutOff } : {}), ...(toolCalls ? { toolCalls } : {}) });
  for (const call of toolCalls ?? []) messages.push(results.get(call.id) ?? stillRunning(call));
}

/** A wait that was bridged stands before the call that was waited for: after its result it would look like an answer. */
function addFiller(messages: Message[], text: string): void {
  const index = messages.findLastIndex((message) => message.role === "agent" && message.toolCalls);
  const asked = messages[index];
  if (asked?.role !== "agent") messages.push({ role: "agent", text });
  else messages[index] = { ...asked, text: joinWords(asked.text, text) };
}

/** Nobody waited for it: told where it arrived, and not where it was asked for. */
function addLateResult(messages: Message[], said: Utterance & { role: "tool" }): void {
  if (!said.isLate) return;
  const what = said.outcome === "failed" ? "failed" : "is done";
  const text = `The tool ${said.name} (${said.toolCallId}) ${what}. Tell the caller what matters of it: ${said.result}`;
  messages.push({ role: "instruction", text });
}

function addCallerWords(messages: Message[], text: string): void {
  const last = messages.at(-1);
  if (last?.role === "caller") messages[messages.length - 1] = { role: "caller", text: `${last.text} ${text}` };
  else messages.push({ role: "caller", text });
}

function stillRunning(call: { readonly id: string; readonly name: string }): Message {
  return { role: "tool", toolCallId: call.id, name: call.name, outcome: "succeeded", result: '{"status":"running"}' };
}
