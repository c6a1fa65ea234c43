/** What the language model said in a recorded call, by what it was asked. */

import { createHash } from "node:crypto";
import { type Conversation, newConversation } from "../conversation/conversation.ts";
import type { Effect } from "../conversation/effect.ts";
import type { Fact } from "../conversation/event.ts";
import { reduce } from "../conversation/reduce.ts";
import type { JournalEntry } from "../journal/journal.ts";
import type { ReplyPart, ReplyRequest } from "../models/language-model.ts";
import { ProviderError, type ProviderErrorKind } from "../models/provider-error.ts";
import type { CallPlan } from "../session/call-plan.ts";
import { toDraftRequest, toReplyRequest } from "../session/request.ts";
import type { Scene } from "../session/scene.ts";
import { toSummaryRequest } from "../session/summary-request.ts";

/** Parts with their times since the model was asked. */
export type RecordedReply = {
  readonly parts: readonly { readonly afterMs: number; readonly give: ReplyPart | ProviderError }[];
};

/** @param plan what the call was held with */
export function toRecordedReplies(entries: readonly JournalEntry[], plan: CallPlan): Map<string, RecordedReply[]> {
  const recorded = new Map<string, RecordedReply[]>();
  let now = newConversation();
  for (const entry of entries) {
    const { event } = entry;
    const summed = event.type === "history-summarised" ? toSummary(now, plan, event) : undefined;
    if (summed !== undefined) recorded.set(summed.key, [...(recorded.get(summed.key) ?? []), summed.reply]);
    now = reduce(now, entry.event).now;
    const scene = plan.scenes[now.scene];
    if (!scene) continue;
    for (const effect of entry.effects) {
      const request = toRequest(scene, now, effect);
      if (!request || !("replyId" in effect)) continue;
      const parts = toParts(entries, effect.replyId, entry.atMs);
      // Of a draft that was dropped nothing is known.
      if (parts.length === 0) continue;
      const key = keyOf(request, scene.languageModel);
      recorded.set(key, [...(recorded.get(key) ?? []), { parts }]);
    }
  }
  return recorded;
}

/** What the model was asked for a summary, and what it wrote. */
function toSummary(
  now: Conversation,
  plan: CallPlan,
  { upToMs, text }: Fact & { type: "history-summarised" },
): { readonly key: string; readonly reply: RecordedReply } | undefined {
  const scene = plan.scenes[now.scene];
  if (scene === undefined) return undefined;
  const key = keyOf(toSummaryRequest(now, upToMs), scene.languageModel);
  return { key, reply: { parts: [{ afterMs: 0, give: { type: "text", text } }] } };
}

/** What a model was asked by an order, if it was. A drafted reply was asked for before it was started. */
function toRequest(scene: Scene, now: Conversation, effect: Effect): ReplyRequest | undefined {
  if (effect.type === "draft-reply") return toDraftRequest(scene, now, effect.words);
  if (effect.type !== "start-reply" || effect.say !== undefined || effect.isDrafted) return undefined;
  return toReplyRequest(scene, now, effect.purpose);
}

/** Two requests with the same key get the same answer. */
export function keyOf(
  { system, messages, tools, temperature, variables }: ReplyRequest,
  languageModel: string | undefined,
): string {
  const asked = JSON.stringify([
    languageModel ?? null,
    system,
    messages,
    tools,
    temperature ?? null,
    variables ?? null,
  ]);
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
