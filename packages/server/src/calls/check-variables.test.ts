import { describe, expect, test } from "vitest";
import { newAgentShape } from "../agents/agent.ts";
import { findPlaceholderProblems } from "../agents/known-values.ts";
import type { Call } from "./call.ts";
import { checkVariables } from "./check-variables.ts";

const agent = newAgentShape.parse({
  name: "A",
  prompt: 'It is {{time | time: "Europe/Berlin"}}. {{caller}} {{nick | "you"}} {{caller_number}}',
  greeting: { mode: "static", text: "Hello {{name}} of {{business_name}}!" },
  inputs: [
    { name: "name", default: "friend" },
    { name: "people", type: "number" },
    { name: "phone", type: "phone", default: "+12125550100" },
  ],
});

function call(variables: Call["variables"], more: Partial<Call> = {}): Call {
  return {
    id: "call_1",
    workspaceId: "ws_1",
    agentName: "A",
    direction: "web",
    pace: "real",
    status: "created",
    createdAt: "2026-11-22T09:00:00.000Z",
    updatedAt: "2026-11-22T09:00:00.000Z",
    metadata: {},
    sent: {},
    variables,
    ...more,
  };
}

describe("the variables of a new call", () => {
  test("are told when they have neither a value nor a default", () => {
    expect(checkVariables(agent, call({}))).toEqual(["people", "caller", "caller_number"]);
    const phone = call({ people: "4", caller: "Ada" }, { direction: "inbound", fromNumber: "+12125550111" });
    expect(checkVariables(agent, phone)).toEqual([]);
  });

  test("keep a strict call from being made when they are missing", () => {
    expect(() => checkVariables(agent, call({ people: "4" }), { isStrict: true })).toThrow(
      expect.objectContaining({ code: "missing_variables", message: expect.stringContaining("caller") }),
    );
  });

  test("are refused when they aren't of their type, by name", () => {
    expect(() => checkVariables(agent, call({ people: "some", phone: "12" }))).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        details: {
          errors: [
            { path: "variables.people", message: "must be a number such as 4 or 2.5" },
            { path: "variables.phone", message: expect.stringContaining("must be a phone number") },
          ],
        },
      }),
    );
  });
});

test("an agent is warned of names that only a call can bring, and of filters that there aren't", () => {
  const careless = newAgentShape.parse({ name: "A", prompt: "{{caller | shout}} {{now}} {{x | 'y'}}" });
  expect(findPlaceholderProblems(careless)).toEqual([
    { field: "prompt", kind: "unknown_variable", name: "caller" },
    { field: "prompt", kind: "unknown_filter", name: "shout" },
  ]);
});
