import type { ReplyPart } from "@earshot/engine";
import { expect, test } from "vitest";
import { newAgentShape } from "../agents/agent.ts";
import type { CompletionRequest } from "../models/completion-request.ts";
import type { Call } from "./call.ts";
import { createFindValues } from "./find-values.ts";

const call: Call = {
  id: "call_1",
  workspaceId: "ws_1",
  agentId: "agt_1",
  agentRevision: 1,
  agentName: "A",
  direction: "inbound",
  fromNumber: "+4930901820",
  pace: "real",
  status: "ended",
  createdAt: "2026-11-22T09:00:00.000Z",
  updatedAt: "2026-11-22T09:00:00.000Z",
  variables: {},
  metadata: {},
  sent: {},
};
const agent = newAgentShape.parse({
  name: "A",
  variables: [
    { name: "people", type: "number" },
    { name: "phone", type: "phone" },
    { name: "day", type: "date" },
  ],
});
const lines = [
  { role: "agent", text: "How many?", atMs: 0 },
  { role: "caller", text: "Four, my number is 030 901820.", atMs: 900 },
] as const;

function setUp(answer: string) {
  const requests: CompletionRequest[] = [];
  const errors: unknown[] = [];
  async function* complete(request: CompletionRequest): AsyncGenerator<ReplyPart> {
    requests.push(request);
    yield { type: "text", text: answer };
  }
  const find = createFindValues({
    agents: { findRevision: async () => agent },
    complete: () => complete,
    onError: (error) => errors.push(error),
  });
  return { find, requests, errors };
}

test("what was not learnt in a call is read from its transcript, and checked", async () => {
  const { find, requests } = setUp('Sure: {"people": 9, "phone": "030 901820", "day": "soon", "colour": "red"}');
  expect(await find(call, { lines, learnt: { people: 4 } })).toEqual({ phone: "+4930901820" });
  expect(requests[0]?.system).not.toContain("people");
  expect(requests[0]?.messages[0]).toMatchObject({ text: expect.stringContaining("caller: Four") });
});

test("nobody is asked when all is known, or when the caller said nothing", async () => {
  const { find, requests } = setUp("{}");
  expect(await find(call, { lines, learnt: { people: 4, phone: "x", day: "y" } })).toEqual({});
  expect(await find(call, { lines: lines.slice(0, 1), learnt: {} })).toEqual({});
  expect(requests).toEqual([]);
});

test("a model that writes no JSON costs the values, and nothing else", async () => {
  const { find, errors } = setUp("I am sorry.");
  expect(await find(call, { lines, learnt: {} })).toEqual({});
  expect(errors).toMatchObject([{ code: "model_failed" }]);
});
