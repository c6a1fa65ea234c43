import type { ConversationEvent, Effect } from "@earshot/engine";
import { z } from "zod";

/** One line of a call's journal: a fact, and the orders that the rules gave for it. */
export type JournalEntry = {
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** Milliseconds since the call began. */
  readonly atMs: number;
  readonly event: ConversationEvent;
  readonly effects: readonly Effect[];
};

/** For the API's description only: entries are written by ourselves. */
export const journalEntryShape = z
  .object({
    seq: z.number().int().describe("Counts from 1 without gaps."),
    atMs: z.number().describe("Milliseconds since the call began."),
    event: z.looseObject({ type: z.string(), atMs: z.number() }).describe("A fact; see the glossary for the types."),
    effects: z.array(z.looseObject({ type: z.string() })).describe("The orders that the rules gave for it."),
  })
  .meta({ id: "JournalEntry" });
