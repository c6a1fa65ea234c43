import type { Agent } from "./agent.ts";

/** What a visitor reads on an agent's card. */
export type AgentDescription = { readonly summary: string; readonly topics: readonly string[] };

const MAX_SUMMARY = 150;
const MAX_TOPIC = 90;

/** The prompt's first sentence as a summary and the first notes as things to ask about. */
export function describeAgent(agent: Agent, { maxTopics = 3 }: { maxTopics?: number } = {}): AgentDescription {
  const topics = (agent.notes ?? []).map(toOneLine).filter((note) => note !== "");
  return {
    summary: clip(firstSentence(toOneLine(agent.prompt)), MAX_SUMMARY),
    topics: topics.slice(0, maxTopics).map((topic) => clip(firstSentence(topic), MAX_TOPIC)),
  };
}

function toOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}

function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const atWord = text.slice(0, maxLength).replace(/\s+\S*$/, "");
  return `${atWord.replace(/[\s,;:.-]+$/, "")}…`;
}
