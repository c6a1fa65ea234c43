import { expect, test } from "vitest";
import { newAgentShape } from "../agents/agent.ts";
import { remember, rememberTool } from "./remember.ts";

const { variables, tools } = newAgentShape.parse({
  name: "A",
  variables: [
    { name: "people", type: "number", isRequired: true, description: "How many come." },
    { name: "day", type: "date" },
    { name: "phone", type: "phone" },
  ],
});

test("an agent with variables is offered a tool with their types", () => {
  expect(rememberTool({ variables: [], tools })).toEqual([]);
  expect(rememberTool({ variables, tools })).toMatchObject([
    {
      name: "remember",
      description: expect.stringContaining("before the call ends: people."),
      parameters: {
        properties: { people: { type: "number", description: "How many come." }, day: { format: "date" } },
        additionalProperties: false,
      },
    },
  ]);
});

test("what is valid is learnt, as its type", () => {
  expect(remember(variables, '{"people":"4","day":"2026-03-01","phone":"030 901820"}', { country: "DE" })).toEqual({
    outcome: "succeeded",
    result: "Kept: people, day, phone.",
    learnt: { people: 4, day: "2026-03-01", phone: "+4930901820" },
  });
});

test("what isn't goes back to the model by name, and the rest is kept", () => {
  expect(remember(variables, '{"people":"some","day":"2026-03-01","colour":"red"}')).toEqual({
    outcome: "failed",
    result: 'people must be a number such as 4 or 2.5. There is no variable "colour". Ask the caller again. Kept: day.',
    learnt: { day: "2026-03-01" },
  });
  expect(remember(variables, "[1]")).toMatchObject({ outcome: "failed" });
  expect(remember(variables, '{"people":null,"day":""}')).toEqual({ outcome: "succeeded", result: "Nothing to keep." });
});
