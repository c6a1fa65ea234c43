/** The language model behind a caller with a goal: one of the server's own. */
import type { Earshot } from "@earshot/sdk";
import type { Thought } from "../callers/caller-step.ts";
import type { Scenario } from "./scenario.ts";

export type Connection = {
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly workspaceId?: string | undefined;
};

type Message = { readonly role: "system" | "user" | "assistant"; readonly content: string };

/** It answers by rules for agents and can't play a caller. */
const RECEPTIONIST = "builtin/receptionist";
const ANSWER_WITHIN_MS = 120_000;
const MAX_SPOKEN = 600;

/** Something a rehearsal can't go without. */
export class CannotRehearseError extends Error {
  override readonly name = "CannotRehearseError";
}

/** The model that plays callers: the node's default, or the first that can. @throws CannotRehearseError */
export async function findCallerModel(client: Earshot): Promise<string> {
  const models: { readonly name: string; readonly isDefault: boolean }[] = [];
  for await (const model of client.models.list()) if (model.kind === "language-model") models.push(model);
  const able = models.filter(({ name }) => name !== RECEPTIONIST);
  const chosen = able.find(({ isDefault }) => isDefault) ?? able[0];
  if (chosen !== undefined) return chosen.name;
  throw new CannotRehearseError(
    `A caller with a goal needs a language model, and this server has only ${RECEPTIONIST}. Connect one ` +
      "(docs/models.md; e.g. OPENAI_API_KEY, or a local Ollama), or give the scenario a script instead of a goal.",
  );
}

/** Thinks for one call: remembers what both sides said. */
export function makeThinker(
  connection: Connection,
  { model, scenario, seed }: { readonly model: string; readonly scenario: Scenario; readonly seed: number },
): (heard: string) => Promise<Thought> {
  const messages: Message[] = [{ role: "system", content: toInstructions(scenario) }];
  return async (heard) => {
    messages.push({ role: "user", content: heard === "" ? "(silence)" : heard });
    const answer = await complete(connection, { model, messages, seed, temperature: 0.7, max_tokens: 200 });
    messages.push({ role: "assistant", content: answer });
    return toThought(answer);
  };
}

function toInstructions({ goal = "", caller }: Scenario): string {
  return [
    "You are a person on the phone. The user's messages are what the other side says to you.",
    caller.persona === undefined ? "" : `Who you are: ${caller.persona}`,
    `What you want: ${goal}`,
    "Answer with what you say next and nothing else: one or two short spoken sentences, no markup.",
    "Say only what a caller would say. Do not play the other side.",
    "To press keys answer [press 123]. When you have what you want, or can't get it, say goodbye and end with [hang up].",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** Takes the orders in brackets out of what a model wrote. */
export function toThought(answer: string): Thought {
  const text = answer
    .replace(/<think>.*?<\/think>/gs, "")
    .replace(/\[[^\]]*\]/g, " ")
    .replace(/[*_#`"“”]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, MAX_SPOKEN);
  const keys = /\[press ([0-9*#]+)\]/i.exec(answer)?.[1];
  if (/\[hang ?up\]/i.test(answer)) return text === "" ? { do: "hang-up" } : { do: "hang-up", text };
  if (keys !== undefined) return { do: "press", digits: keys };
  return text === "" ? { do: "hang-up" } : { do: "say", text };
}

async function complete({ baseUrl, apiKey, workspaceId }: Connection, body: object): Promise<string> {
  const response = await fetch(`${baseUrl.replace(/\/$/, "")}/wordcab/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(workspaceId === undefined ? {} : { "earshot-workspace": workspaceId }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const text = await response.text();
  if (!response.ok)
    throw new CannotRehearseError(`The caller's language model failed (${response.status}): ${text.slice(0, 300)}`);
  const { choices } = JSON.parse(text) as { choices?: { message?: { content?: string } }[] };
  return choices?.[0]?.message?.content ?? "";
}
