import type { ToolOutcome } from "@earshot/engine";
import { failed, succeeded } from "../tools/tool-outcome.ts";
import type { Knowledge } from "./knowledge.ts";
import { searchKnowledge } from "./search-knowledge.ts";

/** More would cost the model attention, and the caller time. */
const PASSAGES = 4;

export type LookUp = { readonly workspaceId: string; readonly baseIds: readonly string[]; readonly query: string };

/** What an agent finds during a call, with the source of each passage. Never throws. */
export async function lookUp(knowledge: Knowledge, { workspaceId, baseIds, query }: LookUp): Promise<ToolOutcome> {
  try {
    const found = await searchKnowledge(knowledge, workspaceId, { baseIds, query, limit: PASSAGES });
    const passages = found.map(({ document, documentId, chunkId, heading, text }) => ({
      ...{ document, documentId, chunkId },
      ...(heading === "" ? {} : { heading }),
      text,
    }));
    if (passages.length > 0) return succeeded(JSON.stringify({ passages }));
    return succeeded(JSON.stringify({ passages, note: "Nothing was found. Say that you don't know." }));
  } catch {
    return failed("Nothing can be looked up at the moment.");
  }
}
