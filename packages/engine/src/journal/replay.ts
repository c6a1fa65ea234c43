import { isDeepStrictEqual } from "node:util";
import { type Conversation, newConversation } from "../conversation/conversation.ts";
import type { Effect } from "../conversation/effect.ts";
import { reduce } from "../conversation/reduce.ts";
import type { JournalEntry } from "./journal.ts";

export type Replay =
  | { readonly outcome: "identical"; readonly entries: number; readonly conversation: Conversation }
  | {
      readonly outcome: "different";
      /** The first entry whose orders differ. */
      readonly entry: JournalEntry;
      /** What the rules order now. */
      readonly effects: readonly Effect[];
    }
  | { readonly outcome: "incomplete"; readonly missingSeq: number };

/** Runs a journal through the rules again and compares the orders, entry by entry. Key order does not matter. */
export function replayJournal(entries: readonly JournalEntry[]): Replay {
  let conversation = newConversation();
  for (const [index, entry] of entries.entries()) {
    if (entry.seq !== index + 1) return { outcome: "incomplete", missingSeq: index + 1 };
    const { now, effects } = reduce(conversation, entry.event);
    if (!isDeepStrictEqual(effects, entry.effects)) return { outcome: "different", entry, effects };
    conversation = now;
  }
  return { outcome: "identical", entries: entries.length, conversation };
}
