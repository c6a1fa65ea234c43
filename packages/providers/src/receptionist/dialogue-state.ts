import type { Message } from "@earshot/engine";
import type { Question } from "./questions.ts";
import type { SlotValue } from "./understand/parse-answer.ts";

/** Where a conversation stands, as read from its messages. */
export type DialogueState = {
  readonly values: ReadonlyMap<string, Filled>;
  /** How often each slot's question was heard. */
  readonly asked: ReadonlyMap<string, number>;
  readonly confirmAsked: ReadonlyMap<string, number>;
  /** Slots that the caller would not or could not fill. */
  readonly given: ReadonlySet<string>;
  /** What the agent waits to hear. */
  readonly pending: Question | undefined;
  /** The slot that was filled last: what "no, it's Tuesday" corrects. */
  readonly lastFilled: string | undefined;
  /** Wanted by the caller, not called yet. */
  readonly toolName: string | undefined;
  readonly isTakingMessage: boolean;
  readonly readBacks: number;
  readonly isReadBackDone: boolean;
  /** Questions without an answer, which raise the offer to take a message. */
  readonly agentTurns: number;
  /** Calls that have no result yet. */
  readonly running: ReadonlySet<string>;
  /** Results that came since the agent last spoke. */
  readonly unspoken: readonly (Message & { role: "tool" })[];
  /** What the caller's last words did. */
  readonly turn: Turn;
};

export type Filled = { readonly value: SlotValue; readonly isConfirmed: boolean };

/** The effect of the caller's last words on the state. */
export type Turn = {
  readonly filled: readonly string[];
  readonly corrected: readonly string[];
  /** The slot that was asked for and not answered. */
  readonly missed?: string;
  readonly wasDeclined: boolean;
  readonly answered?: Question["kind"];
  readonly answer?: "yes" | "no";
  /** The offered or wished-for thing began with these words. */
  readonly began?: "tool" | "message";
  readonly wasCancelled: boolean;
};

export const NO_TURN: Turn = { filled: [], corrected: [], wasDeclined: false, wasCancelled: false };

export const NEW_STATE: DialogueState = {
  values: new Map(),
  asked: new Map(),
  confirmAsked: new Map(),
  given: new Set(),
  pending: undefined,
  lastFilled: undefined,
  toolName: undefined,
  isTakingMessage: false,
  readBacks: 0,
  isReadBackDone: false,
  agentTurns: 0,
  running: new Set(),
  unspoken: [],
  turn: NO_TURN,
};

/** The state with these slots filled; what was confirmed before about them no longer holds. */
export function fill(
  state: DialogueState,
  entries: readonly (readonly [string, SlotValue])[],
  how: "filled" | "corrected",
): DialogueState {
  if (entries.length === 0) return state;
  const values = new Map(state.values);
  for (const [key, value] of entries) values.set(key, { value, isConfirmed: false });
  const keys = entries.map(([key]) => key);
  return {
    ...state,
    values,
    lastFilled: keys.at(-1),
    isReadBackDone: false,
    turn: { ...state.turn, [how]: [...state.turn[how], ...keys] },
  };
}

export function count(counts: ReadonlyMap<string, number>, key: string): ReadonlyMap<string, number> {
  return new Map(counts).set(key, (counts.get(key) ?? 0) + 1);
}
