/** How the values that the receptionist collects leave it: by the tool for that, beside what it says. */

import { type Message, REMEMBER_TOOL, type ReplyRequest, type ToolCall } from "@earshot/engine";
import { collectedValues } from "./collected-values.ts";

/** The request as the dialogue sees it: keeping values is no part of it. */
export function withoutRemembering(request: ReplyRequest): ReplyRequest {
  if (!request.tools.some(isRemembering)) return request;
  const messages = request.messages.flatMap((message): Message[] => {
    if (message.role === "tool") return isRemembering(message) ? [] : [message];
    if (message.role !== "agent" || message.toolCalls === undefined) return [message];
    const { toolCalls, ...said } = message;
    const others = toolCalls.filter((call) => !isRemembering(call));
    if (others.length > 0) return [{ ...said, toolCalls: others }];
    return said.text === "" ? [] : [said];
  });
  return { ...request, messages, tools: request.tools.filter((tool) => !isRemembering(tool)) };
}

/** Asked for nothing but the result of keeping values, and the words beside it were said. */
export function wasOnlyRemembered(request: ReplyRequest, known: ReplyRequest): boolean {
  const last = request.messages.at(-1);
  return last?.role === "tool" && isRemembering(last) && known !== request && known.messages.at(-1)?.role === "agent";
}

/** What was collected since the last time, as a call of the tool. */
export function findNewValues(request: ReplyRequest, known: ReplyRequest): ToolCall | undefined {
  if (known === request) return undefined;
  const kept = keptValues(request.messages);
  const fresh = Object.entries(collectedValues(known)).filter(([name, value]) => kept[name] !== value);
  if (fresh.length === 0) return undefined;
  const values = JSON.stringify(Object.fromEntries(fresh));
  return { id: `call_${request.messages.length}_${REMEMBER_TOOL}`, name: REMEMBER_TOOL, arguments: values };
}

function keptValues(messages: readonly Message[]): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  for (const message of messages)
    if (message.role === "agent")
      for (const call of message.toolCalls ?? [])
        if (isRemembering(call)) Object.assign(kept, JSON.parse(call.arguments));
  return kept;
}

function isRemembering({ name }: { readonly name: string }): boolean {
  return name === REMEMBER_TOOL;
}
