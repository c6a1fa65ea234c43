import type { Message, ReplyRequest } from "@earshot/engine";
import { absorb } from "./absorb.ts";
import { count, type DialogueState, NEW_STATE, NO_TURN } from "./dialogue-state.ts";
import { findQuestion, MESSAGE_NOTED, type Question } from "./questions.ts";
import { allSlots, type Slot } from "./slots.ts";
import { afterStep } from "./steps.ts";

/** Folds the messages of a call into where the conversation stands. Pure: same messages, same state. */
export function readState(request: ReplyRequest): DialogueState {
  const slots = allSlots(request);
  return request.messages.reduce((state, message) => step(state, message, request, slots), NEW_STATE);
}

function step(state: DialogueState, message: Message, request: ReplyRequest, slots: readonly Slot[]): DialogueState {
  switch (message.role) {
    case "caller":
      return absorb({ ...state, turn: NO_TURN }, message.text, request);
    case "agent":
      return hearAgent(state, message, slots);
    case "tool":
      return afterStep(
        {
          ...state,
          running: new Set([...state.running].filter((id) => id !== message.toolCallId)),
          unspoken: [...state.unspoken, message],
        },
        message,
      );
    case "instruction":
      return state;
    default:
      return message satisfies never;
  }
}

function hearAgent(state: DialogueState, message: Message & { role: "agent" }, slots: readonly Slot[]): DialogueState {
  const calls = message.toolCalls ?? [];
  const question = findQuestion(message.text, slots, message.wasCutOff === true);
  const isCalled = calls.some((call) => call.name === state.toolName);
  const next: DialogueState = {
    ...state,
    agentTurns: state.agentTurns + 1,
    running: new Set([...state.running, ...calls.map((call) => call.id)]),
    unspoken: message.text.trim() === "" ? state.unspoken : [],
    toolName: isCalled ? undefined : state.toolName,
    isTakingMessage: state.isTakingMessage && !message.text.includes(MESSAGE_NOTED),
  };
  // Words without a question of ours (a reminder, an apology) leave the question before them open.
  return question === undefined ? next : waitFor(next, question);
}

function waitFor(state: DialogueState, question: Question): DialogueState {
  const waiting = { ...state, pending: question };
  switch (question.kind) {
    case "slot":
      return { ...waiting, asked: count(state.asked, question.key) };
    case "confirm-slot":
      return { ...waiting, confirmAsked: count(state.confirmAsked, question.key) };
    case "read-back":
      return { ...waiting, readBacks: state.readBacks + 1 };
    default:
      return waiting;
  }
}
