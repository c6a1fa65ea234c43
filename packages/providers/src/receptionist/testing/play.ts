import type { LanguageModel, ReplyRequest, ToolCall } from "@earshot/engine";
import type { TestAgent } from "./agents.ts";

type Message = ReplyRequest["messages"][number];

/** What the test does in a play; the agent's lines are the model's own. */
export type Cue =
  /** The caller speaks. */
  | string
  /** The platform orders. */
  | { readonly instruction: string }
  /** The agent's last words were heard only to the end of this phrase. */
  | { readonly cutOffAfter: string }
  /** The tool called last has ended. */
  | { readonly result: string; readonly outcome?: "succeeded" | "failed" };

export type Spoken = { readonly text: string; readonly calls: readonly ToolCall[] };

export async function ask(model: LanguageModel, request: ReplyRequest): Promise<Spoken> {
  let text = "";
  const calls: ToolCall[] = [];
  for await (const part of model.reply(request, new AbortController().signal)) {
    if (part.type === "text") text += part.text;
    if (part.type === "tool-call") calls.push(part.call);
  }
  return { text, calls };
}

/** Plays the cues against the model and writes down what was said, as a script. */
export async function play(model: LanguageModel, agent: TestAgent, cues: readonly Cue[]): Promise<string> {
  const messages: Message[] = [];
  const lines: string[] = [];
  for (const cue of cues) {
    if (typeof cue === "object" && "cutOffAfter" in cue) {
      lines.push(cutOff(messages, cue.cutOffAfter));
      continue;
    }
    const message = toMessage(cue, messages);
    messages.push(message);
    lines.push("", describe(message));
    const spoken = await ask(model, { ...agent, messages });
    messages.push({
      role: "agent",
      text: spoken.text,
      ...(spoken.calls.length === 0 ? {} : { toolCalls: spoken.calls }),
    });
    if (spoken.text !== "") lines.push(`AGENT   ${spoken.text}`);
    for (const call of spoken.calls) lines.push(`        → ${call.name}(${call.arguments})`);
  }
  return `${lines.join("\n").trim()}\n`;
}

function toMessage(cue: Exclude<Cue, { cutOffAfter: string }>, messages: readonly Message[]): Message {
  if (typeof cue === "string") return { role: "caller", text: cue };
  if ("instruction" in cue) return { role: "instruction", text: cue.instruction };
  const call = messages.flatMap((message) => (message.role === "agent" ? (message.toolCalls ?? []) : [])).at(-1);
  return {
    role: "tool",
    toolCallId: call?.id ?? "unknown",
    name: call?.name ?? "unknown",
    outcome: cue.outcome ?? "succeeded",
    result: cue.result,
  };
}

function describe(message: Message): string {
  if (message.role === "instruction") return `(${message.text})`;
  if (message.role === "tool") return `        ${message.name} ${message.outcome}: ${message.result}`;
  return `CALLER  ${message.text}`;
}

function cutOff(messages: Message[], phrase: string): string {
  const last = messages.at(-1);
  const at = last?.role === "agent" ? last.text.indexOf(phrase) : -1;
  if (last?.role !== "agent" || at === -1) throw new Error(`the agent did not just say "${phrase}"`);
  messages[messages.length - 1] = { role: "agent", text: last.text.slice(0, at + phrase.length), wasCutOff: true };
  return `        (heard only as far as “${phrase}”)`;
}
