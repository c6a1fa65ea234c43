import type { Message, ReplyPart, ReplyRequest } from "@earshot/engine";
import { expect, it } from "vitest";
import { receptionist } from "./receptionist.ts";

const request: ReplyRequest = {
  system: "You are the receptionist of Luigi's.",
  messages: [
    { role: "agent", text: "How many people will there be?" },
    { role: "caller", text: "Four." },
  ],
  tools: [{ name: "remember", description: "", parameters: { type: "object", properties: {} } }],
  variables: [
    { name: "party_size", type: "number", description: "How many people will there be?" },
    { name: "caller_name", type: "string" },
  ],
};

async function reply(messages: readonly Message[]): Promise<ReplyPart[]> {
  return read({ ...request, messages });
}

async function read(asked: ReplyRequest): Promise<ReplyPart[]> {
  const parts: ReplyPart[] = [];
  for await (const part of receptionist().reply(asked, new AbortController().signal)) parts.push(part);
  return parts;
}

it("keeps what the caller told beside its words, once", async () => {
  const parts = await reply(request.messages);
  const call = parts.find((part) => part.type === "tool-call")?.call;
  expect(call).toMatchObject({ name: "remember", arguments: '{"party_size":4}' });
  expect(parts[0]).toMatchObject({ type: "text" });
  if (call === undefined) return;
  const later: Message[] = [
    ...request.messages,
    { role: "agent", text: "Got it. May I have your name?", toolCalls: [call] },
    { role: "tool", toolCallId: call.id, name: "remember", outcome: "succeeded", result: "Kept: party_size." },
  ];
  expect(await reply(later)).toEqual([{ type: "silence" }]);
  const next = await reply([...later, { role: "caller", text: "Ada Lovelace." }]);
  expect(next.find((part) => part.type === "tool-call")?.call.arguments).toBe('{"caller_name":"Ada Lovelace"}');
});

it("keeps nothing where nobody offers to", async () => {
  const parts = await read({ ...request, tools: [] });
  expect(parts.some((part) => part.type === "tool-call")).toBe(false);
});
