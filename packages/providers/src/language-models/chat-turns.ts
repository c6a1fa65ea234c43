import type { Message } from "@earshot/engine";

/** A call's messages in the shape that every chat model takes: user and agent alternate, results stand by their calls. */
export type ChatTurn =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "agent"; readonly text: string; readonly calls: readonly ChatCall[] };

export type ChatCall = {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly outcome: "succeeded" | "failed" | "pending";
  readonly result: string;
};

const CALL_BEGINS = "[The call begins.]";
const GO_ON = "[It is your turn to speak.]";
const INTERRUPTED = "[The caller interrupted you here and did not hear the rest.]";

type Draft = { role: "user"; text: string } | { role: "agent"; text: string; calls: DraftCall[] };
type DraftCall = { -readonly [K in keyof ChatCall]: ChatCall[K] };

/**
 * What nobody said (orders of the platform, interruptions) becomes bracketed user text. Never empty; begins with a user
 * turn and ends where it is the model's turn, as the strictest chat templates demand.
 */
export function toChatTurns(messages: readonly Message[]): readonly ChatTurn[] {
  const turns: Draft[] = [];
  const calls = new Map<string, DraftCall>();
  for (const message of messages) append(message, turns, calls);
  if (turns[0]?.role !== "user") turns.unshift({ role: "user", text: CALL_BEGINS });
  const last = turns.at(-1);
  if (last?.role === "agent" && last.calls.length === 0) addUser(turns, GO_ON);
  return turns;
}

function append(message: Message, turns: Draft[], calls: Map<string, DraftCall>): void {
  switch (message.role) {
    case "caller":
      addUser(turns, message.text.trim() === "" ? "[The caller said something inaudible.]" : message.text);
      return;
    case "instruction":
      addUser(turns, `[Instruction, not said by the caller: ${message.text}]`);
      return;
    case "agent":
      addAgent(turns, message, calls);
      if (message.wasCutOff) addUser(turns, INTERRUPTED);
      return;
    case "tool": {
      const call = calls.get(message.toolCallId);
      if (call === undefined) {
        addUser(turns, `[Result of ${message.name}, which ${message.outcome}: ${message.result}]`);
        return;
      }
      call.outcome = message.outcome;
      call.result = message.result;
      return;
    }
    default:
      message satisfies never;
  }
}

function addUser(turns: Draft[], text: string): void {
  const last = turns.at(-1);
  if (last?.role === "user") last.text += `\n${text}`;
  else turns.push({ role: "user", text });
}

function addAgent(turns: Draft[], message: Message & { role: "agent" }, calls: Map<string, DraftCall>): void {
  const text = message.wasCutOff ? `${message.text.trimEnd()} —` : message.text;
  const drafts = (message.toolCalls ?? []).map(
    (call): DraftCall => ({
      id: call.id,
      name: call.name,
      arguments: parseArguments(call.arguments),
      outcome: "pending",
      result: "No result yet.",
    }),
  );
  for (const draft of drafts) calls.set(draft.id, draft);
  const last = turns.at(-1);
  if (last?.role === "agent" && last.calls.length === 0) {
    last.text = `${last.text} ${text}`.trim();
    last.calls.push(...drafts);
  } else if (text.trim() !== "" || drafts.length > 0) {
    turns.push({ role: "agent", text, calls: drafts });
  }
}

/** Vendors take objects only; what a model wrote wrongly is shown to it under a telling name. */
function parseArguments(json: string): Readonly<Record<string, unknown>> {
  if (json.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // falls through to the telling name
  }
  return { notJson: json };
}
