/** Questions that neither prompt nor notes answer, and what a tool finds of them. */

import type { Message, ReplyRequest, ToolDefinition } from "@earshot/engine";
import { type Fact, splitSentences } from "./knowledge.ts";
import { call, type Reply } from "./reply.ts";
import type { Retriever } from "./retrieve.ts";

type ToolResult = Message & { role: "tool" };

function findLookUp({ tools }: ReplyRequest): ToolDefinition | undefined {
  return tools.find(({ isLookUp }) => isLookUp === true);
}

/** Undefined where there is nothing to look things up in. */
export function lookUp(request: ReplyRequest, question: string): Reply | undefined {
  const tool = findLookUp(request);
  return tool === undefined ? undefined : call(tool.name, { query: question });
}

export function isLookedUp({ name }: ToolResult, request: ReplyRequest): boolean {
  return findLookUp(request)?.name === name;
}

/** The sentences of the passages that answer the question; none where nothing does. */
export async function answerFrom(
  result: ToolResult,
  { question, retriever }: { readonly question: string; readonly retriever: Retriever },
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (result.outcome === "failed") return [];
  const facts = readPassages(result.result).flatMap(toFacts);
  return (await retriever.retrieve(facts, question, signal)).map(({ text }) => text);
}

type Passage = { readonly heading: string; readonly text: string };

function readPassages(result: string): readonly Passage[] {
  try {
    const { passages } = JSON.parse(result) as { readonly passages?: unknown };
    if (!Array.isArray(passages)) return [];
    return passages.flatMap((one: Readonly<Record<string, unknown>>) =>
      typeof one["text"] === "string" ? [{ text: one["text"], heading: String(one["heading"] ?? "") }] : [],
    );
  } catch {
    return [];
  }
}

function toFacts({ heading, text }: Passage, passage: number): readonly Fact[] {
  return text
    .split("\n")
    .flatMap(splitSentences)
    .filter((sentence) => !sentence.endsWith("?"))
    .map((sentence) => ({
      text: /[.!?]["'”]?$/.test(sentence) ? sentence : `${sentence}.`,
      keys: heading,
      paragraph: passage,
    }));
}
