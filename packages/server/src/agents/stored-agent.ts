import type { Agent } from "./agent.ts";

/** What clients of each dialect sent, verbatim, by the dialect's name. */
export type SentByDialect = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A phone number that the agent answers. */
export type AgentNumber = { readonly id: string; readonly phoneNumber: string };

export type StoredAgent = {
  readonly agent: Agent;
  readonly sent: SentByDialect;
  readonly numbers: readonly AgentNumber[];
};
