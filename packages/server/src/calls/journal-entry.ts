import type { JournalEntry } from "@earshot/engine";
import { z } from "zod";

/** For the API's description: entries are written by ourselves and never parsed by this. */
export const journalEntryShape = z
  .object({
    seq: z.number().int().describe("Counts from 1 without gaps."),
    atMs: z.number().describe("Milliseconds since the call began."),
    event: z.looseObject({ type: z.string(), atMs: z.number() }).describe("A fact; see the glossary for the types."),
    effects: z.array(z.looseObject({ type: z.string() })).describe("The orders that the rules gave for it."),
  })
  .meta({ id: "JournalEntry" }) as unknown as z.ZodType<JournalEntry, JournalEntry>;
