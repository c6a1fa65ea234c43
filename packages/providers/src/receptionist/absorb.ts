import type { ReplyRequest } from "@earshot/engine";
import { type DialogueState, fill } from "./dialogue-state.ts";
import type { Question } from "./questions.ts";
import { allSlots, argumentsOf, messageSlots, type Slot, variableSlots } from "./slots.ts";
import { findIntent, findToolByPhrase, type Intent, isNo, isQuestion, isYes } from "./understand/intents.ts";
import { parseAnswer, type SlotValue } from "./understand/parse-answer.ts";
import { parseIntroducedName } from "./understand/parse-name.ts";
import { normalise } from "./understand/words.ts";

/** Takes the caller's words into the state: answers, corrections, wishes. */
export function absorb(state: DialogueState, text: string, request: ReplyRequest): DialogueState {
  const hearing: Hearing = { text, words: normalise(text), intent: findIntent(text), request };
  if (hearing.intent === "garbage" || hearing.intent === "repeat") return state;
  const answered = answerPending(state, hearing);
  return answered ?? beginWish(volunteer(correctLast(state, hearing), hearing), hearing);
}

type Hearing = {
  readonly text: string;
  readonly words: string;
  readonly intent: Intent;
  readonly request: ReplyRequest;
};

/** Intents that are never taken for the value of a slot. */
const NO_VALUES: ReadonlySet<Intent> = new Set<Intent>([
  "ask-robot",
  "ask-capabilities",
  "ask-identity",
  "goodbye",
  "greeting",
  "thanks",
  "presence",
  "how-are-you",
  "cancel",
  "leave-message",
]);

/** Undefined where the words don't answer what was asked. */
function answerPending(state: DialogueState, hearing: Hearing): DialogueState | undefined {
  const { pending } = state;
  switch (pending?.kind) {
    case "slot":
      return answerSlot(state, pending.key, hearing);
    case "confirm-slot":
      return answerConfirmation(state, pending.key, hearing);
    case "read-back":
      return answerReadBack(state, hearing);
    case "which-slot":
      return answerWhich(state, hearing);
    case "offer-message":
    case "anything-else":
      return answerOffer(state, pending.kind, hearing);
    default:
      return undefined;
  }
}

function answerSlot(state: DialogueState, key: string, hearing: Hearing): DialogueState | undefined {
  const slot = findSlot(key, hearing.request);
  if (slot === undefined || leadsElsewhere(slot, hearing)) return undefined;
  const corrected = slot.type === "message" ? state : correctLast(state, hearing);
  if (corrected !== state) return corrected;
  if (slot.type !== "message") {
    if (isQuestion(hearing.text)) return undefined;
    if (hearing.intent === "decline") return decline(state, key);
  }
  const value = parseAnswer(slot.type, hearing.text);
  return value === undefined ? missSlot(state, slot, hearing) : takeValue(state, slot, value, hearing);
}

/** The words want something else than to fill this slot. */
function leadsElsewhere(slot: Slot, hearing: Hearing): boolean {
  if (slot.type === "message") return hearing.intent === "cancel" || hearing.intent === "goodbye";
  if (NO_VALUES.has(hearing.intent)) return true;
  return isFree(slot) && findToolByPhrase(hearing.text, hearing.request.tools) !== undefined;
}

function isFree(slot: Slot): boolean {
  return slot.type === "string" || slot.type === "name";
}

function takeValue(state: DialogueState, slot: Slot, value: SlotValue, hearing: Hearing): DialogueState {
  const filled = fill({ ...state, pending: undefined }, [[slot.key, value]], "filled");
  return answered(slot.type === "message" ? filled : volunteer(filled, hearing), "slot");
}

function missSlot(state: DialogueState, slot: Slot, hearing: Hearing): DialogueState | undefined {
  if (findToolByPhrase(hearing.text, hearing.request.tools) !== undefined) return undefined;
  const others = volunteer(state, hearing);
  if (others !== state) return others;
  if (hearing.intent === "no") return decline(state, slot.key);
  return answered({ ...state, turn: { ...state.turn, missed: slot.key } }, "slot");
}

function decline(state: DialogueState, key: string): DialogueState {
  return answered(
    { ...state, pending: undefined, given: new Set([...state.given, key]), turn: { ...state.turn, wasDeclined: true } },
    "slot",
  );
}

function answerConfirmation(state: DialogueState, key: string, hearing: Hearing): DialogueState | undefined {
  const slot = findSlot(key, hearing.request);
  const before = state.values.get(key);
  if (slot === undefined || before === undefined) return undefined;
  const corrected = slot.type === "boolean" ? undefined : parseAnswer(slot.type, dropDenial(hearing.text));
  const isStrong = slot.type !== "string" && slot.type !== "message";
  if (corrected !== undefined && corrected !== before.value && isStrong) {
    return answered(fill({ ...state, pending: undefined }, [[key, corrected]], "corrected"), "confirm-slot");
  }
  if (isYes(hearing.words) || corrected === before.value) {
    const values = new Map(state.values).set(key, { ...before, isConfirmed: true });
    return {
      ...answered({ ...state, values, pending: undefined }, "confirm-slot"),
      turn: { ...state.turn, answered: "confirm-slot", answer: "yes" },
    };
  }
  if (!isNo(hearing.words)) return undefined;
  const values = new Map(state.values);
  values.delete(key);
  return { ...state, values, pending: undefined, turn: { ...state.turn, answered: "confirm-slot", answer: "no" } };
}

function answerReadBack(state: DialogueState, hearing: Hearing): DialogueState | undefined {
  const corrected = hearing.intent === "decline" ? undefined : correctAny(state, hearing);
  if (corrected !== undefined) return answered({ ...corrected, pending: undefined }, "read-back");
  if (isYes(hearing.words)) {
    const values = new Map([...state.values].map(([key, filled]) => [key, { ...filled, isConfirmed: true }]));
    const turn = { ...state.turn, answered: "read-back", answer: "yes" } as const;
    return { ...state, values, pending: undefined, isReadBackDone: true, turn };
  }
  if (!isNo(hearing.words)) return undefined;
  return { ...state, pending: undefined, turn: { ...state.turn, answered: "read-back", answer: "no" } };
}

function answerWhich(state: DialogueState, hearing: Hearing): DialogueState | undefined {
  const corrected = correctAny(state, hearing);
  if (corrected !== undefined) return answered({ ...corrected, pending: undefined }, "which-slot");
  const named = namedSlot(state, hearing);
  if (named === undefined) return undefined;
  const values = new Map(state.values);
  values.delete(named.key);
  return answered({ ...state, values, pending: undefined }, "which-slot");
}

function answerOffer(
  state: DialogueState,
  kind: "offer-message" | "anything-else",
  hearing: Hearing,
): DialogueState | undefined {
  if (isNo(hearing.words))
    return { ...state, pending: undefined, turn: { ...state.turn, answered: kind, answer: "no" } };
  if (!isYes(hearing.words) || isQuestion(hearing.text)) return undefined;
  const began = kind === "offer-message" ? { began: "message" as const } : {};
  return {
    ...state,
    pending: undefined,
    isTakingMessage: state.isTakingMessage || kind === "offer-message",
    turn: { ...state.turn, answered: kind, answer: "yes", ...began },
  };
}

/** "No, it's Tuesday": a new value for the slot that was filled last. */
function correctLast(state: DialogueState, hearing: Hearing): DialogueState {
  const slot = state.lastFilled === undefined ? undefined : findSlot(state.lastFilled, hearing.request);
  if (slot === undefined || !isCorrection(hearing) || slot.type === "boolean" || slot.type === "message") return state;
  const value = parseAnswer(slot.type, dropDenial(hearing.text));
  return value === undefined || value === state.values.get(slot.key)?.value
    ? state
    : fill(state, [[slot.key, value]], "corrected");
}

/** A correction by label ("the name is Bob") or by kind ("no, it's Tuesday"). */
function correctAny(state: DialogueState, hearing: Hearing): DialogueState | undefined {
  const text = dropDenial(hearing.text);
  const named = namedSlot(state, hearing);
  const labelled = named === undefined ? [] : [named];
  const typed = isYes(hearing.words) || named !== undefined ? [] : filledSlots(state, hearing.request).filter(isStrong);
  for (const slot of [...labelled, ...typed]) {
    const value = parseAnswer(slot.type, dropLabel(text, slot));
    if (value !== undefined && value !== state.values.get(slot.key)?.value)
      return fill(state, [[slot.key, value]], "corrected");
  }
  return undefined;
}

function isStrong(slot: Slot): boolean {
  return ["date", "time", "email", "phone", "number"].includes(slot.type);
}

function namedSlot(state: DialogueState, hearing: Hearing): Slot | undefined {
  return filledSlots(state, hearing.request).find((slot) =>
    hearing.words.includes(slot.label.split(" ").at(-1) ?? slot.label),
  );
}

function filledSlots(state: DialogueState, request: ReplyRequest): readonly Slot[] {
  return allSlots(request).filter((slot) => state.values.has(slot.key));
}

function dropLabel(text: string, slot: Slot): string {
  const last = slot.label.split(" ").at(-1) ?? slot.label;
  const escaped = last.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`^.*?\\b${escaped}\\b[,:]?\\s*(?:should be|is|to|was|has to be)?\\s*`, "i"), "");
}

/** What the caller tells unasked, where it can only mean one empty variable. */
function volunteer(state: DialogueState, hearing: Hearing): DialogueState {
  if (isQuestion(hearing.text)) return state;
  const empty = variableSlots(hearing.request).filter((slot) => !state.values.has(slot.key));
  const found = (["name", "email", "phone", "date", "time"] as const).flatMap((type) => {
    const [slot, ...others] = empty.filter((candidate) => candidate.type === type);
    const value = slot === undefined || others.length > 0 ? undefined : hear(type, hearing);
    return slot === undefined || value === undefined ? [] : [[slot.key, value] as const];
  });
  return fill(state, found, "filled");
}

/** Stricter than an answer: nobody asked. */
function hear(type: "name" | "email" | "phone" | "date" | "time", hearing: Hearing): SlotValue | undefined {
  if (type === "name") return parseIntroducedName(hearing.text);
  if (type === "time" && !/\b(?:at|o'?clock|[ap]\.?m|half past|quarter|noon)\b|\d:\d/.test(hearing.words))
    return undefined;
  return parseAnswer(type, hearing.text);
}

function beginWish(state: DialogueState, hearing: Hearing): DialogueState {
  if (hearing.intent === "cancel") return cancel(state);
  const tool = findToolByPhrase(hearing.text, hearing.request.tools);
  if (tool !== undefined) {
    const wanted = argumentsOf(tool, hearing.request).map((argument) => argument.slot.key);
    const given = new Set([...state.given].filter((key) => !wanted.includes(key)));
    return { ...state, given, toolName: tool.name, turn: { ...state.turn, began: "tool" } };
  }
  if (hearing.intent !== "leave-message") return state;
  const began = { ...state, isTakingMessage: true, turn: { ...state.turn, began: "message" as const } };
  const slot = messageSlots(hearing.request).find(({ type }) => type === "message");
  return slot !== undefined && TOLD.test(hearing.words)
    ? fill(began, [[slot.key, hearing.text.trim()]], "filled")
    : began;
}

/** The message itself, not the wish to leave one: "tell her I'm late". */
const TOLD =
  /\b(?:tell|ask|let) (?:him|her|them|the \w+|dr \w+) (?!a message)\w+ \w+|\bcall me back (?:about|because|on|at)\b/;

function cancel(state: DialogueState): DialogueState {
  const pending = state.pending?.kind === "slot" ? state.pending.key : undefined;
  const given = pending === undefined ? state.given : new Set([...state.given, pending]);
  const turn = { ...state.turn, wasCancelled: true };
  return { ...state, given, pending: undefined, toolName: undefined, isTakingMessage: false, turn };
}

function answered(state: DialogueState, kind: Question["kind"]): DialogueState {
  return { ...state, turn: { ...state.turn, answered: kind } };
}

function isCorrection(hearing: Hearing): boolean {
  return /^(?:(?:uh|um|oh|well) )?(?:no|nope|actually|sorry|wait|i meant|i mean|i said|correction|not)\b/.test(
    hearing.words,
  );
}

function dropDenial(text: string): string {
  return text.replace(
    /^(?:\s*(?:uh|um|oh|well|no|nope|nah|actually|sorry|wait|i meant|i mean|i said|correction|that's wrong|that's not right|not quite)\b[\s,.!-]*)+/i,
    "",
  );
}

function findSlot(key: string, request: ReplyRequest): Slot | undefined {
  return allSlots(request).find((slot) => slot.key === key);
}

/** The slots that a message or the wanted tool needs, besides the variables. */
export function wishedSlots(state: DialogueState, request: ReplyRequest): readonly Slot[] {
  const tool = request.tools.find((candidate) => candidate.name === state.toolName);
  const needed = tool === undefined ? [] : argumentsOf(tool, request).filter((argument) => argument.isRequired);
  return [...needed.map((argument) => argument.slot), ...(state.isTakingMessage ? messageSlots(request) : [])];
}
