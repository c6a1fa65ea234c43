import { END_CALL_TOOL, type ReplyRequest, type ToolDefinition } from "@earshot/engine";
import { wishedSlots } from "./absorb.ts";
import type { DialogueState } from "./dialogue-state.ts";
import { fillArguments } from "./fill-arguments.ts";
import {
  confirmQuestion,
  MESSAGE_NOTED,
  pickVariant,
  READ_BACK_QUESTIONS,
  slotQuestions,
  WHICH_SLOT_QUESTIONS,
} from "./questions.ts";
import { ask, call, join, type Reply, say } from "./reply.ts";
import { messageSlots, type Slot, toNoun, variableSlots } from "./slots.ts";
import { dueStep, isStep } from "./steps.ts";
import { finish, type SlotValue, speakValue } from "./understand/parse-answer.ts";

const MAX_ASKS = 3;
const MAX_OPTIONAL_ASKS = 2;
const MAX_CONFIRMS = 2;
const MAX_READ_BACKS = 3;

/** What is to be done or asked next, after the caller's words were answered; undefined when nothing is left. */
export function nextMove(state: DialogueState, request: ReplyRequest): Reply | undefined {
  return (
    pursueTool(state, request) ??
    pursueMessage(state, request) ??
    collect(variableSlots(request), state) ??
    readBack(state, request) ??
    dueStep(state, request)
  );
}

function pursueTool(state: DialogueState, request: ReplyRequest): Reply | undefined {
  const tool = request.tools.find((candidate) => candidate.name === state.toolName);
  if (tool === undefined) return undefined;
  const slots = wishedSlots({ ...state, isTakingMessage: false }, request);
  const lost = slots.find((slot) => !state.values.has(slot.key) && isExhausted(slot, state));
  if (lost !== undefined) {
    const isNews = state.turn.wasDeclined || state.turn.missed === lost.key || state.turn.began === "tool";
    return isNews ? say(`I can't do that without ${toNoun(lost)}.`) : undefined;
  }
  const missing = collect(slots, state);
  if (missing !== undefined) return missing;
  const taken = call(tool.name, fillArguments(tool, state, request));
  return isStep(tool.name) ? taken : join(say("One moment."), taken);
}

function pursueMessage(state: DialogueState, request: ReplyRequest): Reply | undefined {
  if (!state.isTakingMessage) return undefined;
  const slots = messageSlots(request);
  const missing = collect(slots, state);
  if (missing !== undefined) return missing;
  const text = slots.find((slot) => slot.type === "message");
  if (text === undefined || !state.values.has(text.key)) return undefined;
  const tool = request.tools.find((candidate) => /message/i.test(candidate.name));
  return join(say(MESSAGE_NOTED), tool === undefined ? say() : passOn(tool, slots, state, request));
}

/** The tool gets what it names; what it doesn't name stands in the transcript. */
function passOn(tool: ToolDefinition, slots: readonly Slot[], state: DialogueState, request: ReplyRequest): Reply {
  const known = fillArguments(tool, state, request);
  const text = slots.find((slot) => slot.type === "message");
  const message = text === undefined ? undefined : state.values.get(text.key)?.value;
  return call(tool.name, message === undefined ? known : { message, ...known });
}

/** Confirms what is easily misheard, then asks for the first that is missing. */
function collect(slots: readonly Slot[], state: DialogueState): Reply | undefined {
  for (const slot of slots) {
    const filled = state.values.get(slot.key);
    if (filled === undefined) {
      if (!isExhausted(slot, state)) return ask(askFor(slot, state));
    } else if (isEasilyMisheard(slot) && !filled.isConfirmed && timesConfirmed(slot, state) < MAX_CONFIRMS) {
      return ask(confirmQuestion(slot, speakValue(slot.type, filled.value)));
    }
  }
  return undefined;
}

function askFor(slot: Slot, state: DialogueState): string {
  return pickVariant(slotQuestions(slot), state.asked.get(slot.key) ?? 0);
}

function isExhausted(slot: Slot, state: DialogueState): boolean {
  const limit = slot.isRequired ? MAX_ASKS : MAX_OPTIONAL_ASKS;
  return state.given.has(slot.key) || (state.asked.get(slot.key) ?? 0) >= limit;
}

function isEasilyMisheard(slot: Slot): boolean {
  return slot.type === "email" || slot.type === "phone";
}

function timesConfirmed(slot: Slot, state: DialogueState): number {
  return state.confirmAsked.get(slot.key) ?? 0;
}

function readBack(state: DialogueState, request: ReplyRequest): Reply | undefined {
  if (state.turn.answered === "read-back" && state.turn.answer === "no") return ask(WHICH_SLOT_QUESTIONS[0]);
  const filled = variableSlots(request).flatMap((slot) => {
    const value = state.values.get(slot.key);
    return value === undefined ? [] : [{ slot, ...value }];
  });
  const isOpen = filled.some((entry) => !entry.isConfirmed);
  if (!isOpen || state.isReadBackDone || state.readBacks >= MAX_READ_BACKS) return undefined;
  const sentences = filled.map(({ slot, value }) => readOut(slot, value));
  const opening = state.readBacks === 0 ? "Let me read that back." : "";
  return ask(opening, ...sentences, pickVariant(READ_BACK_QUESTIONS, state.readBacks));
}

function readOut(slot: Slot, value: SlotValue): string {
  const noun = toNoun(slot);
  return `${noun.charAt(0).toUpperCase()}${noun.slice(1)} is ${finish(speakValue(slot.type, value))}`;
}

export function goodbye(request: ReplyRequest): Reply {
  const tool = request.tools.find((candidate) => candidate.name === END_CALL_TOOL);
  const required = tool === undefined ? undefined : Reflect.get(tool.parameters, "required");
  const reasons = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  const filled = Object.fromEntries(reasons.map((name) => [name, "The caller said goodbye."]));
  return join(say("Thank you for calling.", "Goodbye."), tool === undefined ? say() : call(tool.name, filled));
}
