/** What the language model said in a recorded call, by what it was asked. */

import { createHash } from "node:crypto";
import { newConversation } from "../conversation/conversation.ts";
import { reduce } from "../conversation/reduce.ts";
import type { JournalEntry } from "../journal/journal.ts";
import type { ReplyPart, ReplyRequest } from "../models/language-model.ts";
import { ProviderError, type ProviderErrorKind } from "../models/provider-error.ts";
import type { CallPlan } from "../session/call-plan.ts";
import { toReplyRequest } from "../session/request.ts";

/** Parts with their times since the model was asked. */
export type RecordedReply = {
  readonly parts: readonly { readonly afterMs: number; readonly give: ReplyPart | ProviderError }[];
};

/** @param plan what the call was held with; undefined where the rules of today don't lead through the journal */
export function toRecordedReplies(entries: readonly JournalEntry[], plan: CallPlan): Map<string, RecordedReply[]> {
  const recorded = new Map<string, RecordedReply[]>();
  let now = newConversation();
  for (const entry of entries) {
    now = reduce(now, entry.event).now;
    for (const effect of entry.effects) {
      if (effect.type !== "start-reply" || effect.say !== undefined) continue;
      const key = keyOf(toReplyRequest(plan, now, effect.purpose));
      const reply = { parts: toParts(entries, effect.replyId, entry.atMs) };
      recorded.set(key, [...(recorded.get(key) ?? []), reply]);
    }
  }
  return recorded;
}

/** Two requests with the same key would get the same answer from the same model. */
export function keyOf({ system, messages, tools, temperature, variables }: ReplyRequest): string {
  const asked = JSON.stringify([system, messages, tools, temperature ?? null, variables ?? null]);
  return createHash("sha256").update(asked).digest("base64");
}

function toParts(entries: readonly JournalEntry[], replyId: string, startedAtMs: number): RecordedReply["parts"] {
  const parts: { afterMs: number; give: ReplyPart | ProviderError }[] = [];
  for (const { event, atMs } of entries) {
    if (!("replyId" in event) || event.replyId !== replyId) continue;
    const afterMs = atMs - startedAtMs;
    if (event.type === "reply-sentence") parts.push({ afterMs, give: { type: "text", text: `${event.text}\n` } });
    else if (event.type === "tool-requested") {
      const { toolCallId: id, name, arguments: args } = event;
      parts.push({ afterMs, give: { type: "tool-call", call: { id, name, arguments: args } } });
    } else if (event.type === "reply-ended" && parts.length === 0) parts.push({ afterMs, give: { type: "silence" } });
    else if (event.type === "reply-failed" && event.stage === "language-model") {
      const { provider, message, isRetryable } = event;
      const kind = event.kind as ProviderErrorKind;
      parts.push({ afterMs, give: new ProviderError({ provider, stage: event.stage, kind, message, isRetryable }) });
    }
  }
  return parts;
}
