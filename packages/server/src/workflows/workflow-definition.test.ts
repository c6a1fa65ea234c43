import { expect, test } from "vitest";
import { workflowDefinitionShape } from "./workflow-definition.ts";

const start = { id: "start", type: "conversation" };
const tool = { id: "find", type: "tool", toolName: "find" };
const SECRET = "a secret of more than sixteen characters";
const signed = { kind: "webhook", name: "book", description: "Books." };
const goTo = { ...signed, name: "go_to_bye" };
const away = { id: "away", type: "handOff", agentId: "agt_1" };
const when = (from: string, to: string, condition: string) => ({ from, to, condition });
const end = { id: "bye", type: "end" };
const go = (from: string, to: string, description?: string) => ({ from, to, ...(description ? { description } : {}) });

test("a workflow that leads from a conversation over a tool to the end is accepted", () => {
  const definition = {
    entryNode: "start",
    nodes: [start, tool, end],
    edges: [go("start", "find", "x"), go("find", "bye")],
  };
  expect(workflowDefinitionShape.safeParse(definition).success).toBe(true);
});

test.each([
  ["an entry that isn't there", { entryNode: "nowhere" }, "entryNode"],
  ["an entry that is no conversation", { entryNode: "bye" }, "entryNode"],
  ["two nodes of one id", { nodes: [start, start, end] }, "nodes.1.id"],
  ["a bad id", { nodes: [start, { ...end, id: "Bye!" }], edges: [] }, "nodes.1.id"],
  ["an unknown type", { nodes: [start, { ...end, type: "dance" }] }, "nodes.1.type"],
  ["an edge from nowhere", { edges: [go("x", "bye", "d")] }, "edges.0.from"],
  ["an edge to nowhere", { edges: [go("start", "x", "d")] }, "edges.0.to"],
  ["an edge to itself", { edges: [go("start", "start", "d")] }, "edges.0.to"],
  ["an edge twice", { edges: [go("start", "bye", "d"), go("start", "bye", "e")] }, "edges.1"],
  ["an edge without a description", { edges: [go("start", "bye")] }, "edges.0.description"],
  ["an edge from the end", { edges: [go("bye", "start", "d")] }, "edges.0.from"],
  [
    "a global node that nobody knows when to enter",
    { nodes: [start, end, { ...start, id: "g", isGlobal: true }] },
    "nodes.2.globalDescription",
  ],
  ["another version", { version: 2 }, "version"],
  ["a tool's secret", { nodes: [{ ...start, tools: [{ ...signed, secret: "x" }] }, end] }, "nodes.0.tools.0.secret"],
  [
    "a secret in what differs from the agent",
    { nodes: [{ ...start, overrides: { tools: [{ ...signed, secret: SECRET }] } }, end] },
    "nodes.0.overrides.tools.0.secret",
  ],
  ["a condition that can't be read", { edges: [when("start", "bye", "day =")] }, "edges.0.condition"],
  ["an edge from a hand-off", { nodes: [start, away, end], edges: [go("away", "bye", "d")] }, "edges.0.from"],
  ["a condition that leads nowhere", { nodes: [start, { id: "if", type: "condition" }], edges: [] }, "nodes.1"],
  [
    "two ways for the rest",
    {
      nodes: [start, { id: "if", type: "condition" }, end, away],
      edges: [go("start", "if", "d"), go("if", "bye"), go("if", "away")],
    },
    "edges.2.condition",
  ],
  ["a tool that is called like an edge", { nodes: [{ ...start, tools: [goTo] }, end] }, "nodes.0.tools.0"],
  [
    "two tools of one name",
    { nodes: [{ ...start, tools: [signed] }, { ...start, id: "b", tools: [{ ...signed, timeoutMs: 500 }] }, end] },
    "nodes.1.tools.0",
  ],
  [
    "a tool with two URLs",
    { nodes: [start, { ...tool, url: "https://a.test" }, { ...tool, id: "b", url: "https://b.test" }, end] },
    "nodes.2.url",
  ],
  [
    "an extraction of nothing",
    { nodes: [start, { id: "x", type: "extract", variables: [] }, end] },
    "nodes.1.variables",
  ],
])("a workflow with %s is refused", (_, change, path) => {
  const base = { entryNode: "start", nodes: [start, end], edges: [go("start", "bye", "done")] };
  const { error } = workflowDefinitionShape.safeParse({ ...base, ...change });
  expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});

test("all flaws of a workflow are told at once", () => {
  const { error } = workflowDefinitionShape.safeParse({
    entryNode: "bye",
    nodes: [start, end],
    edges: [go("start", "start"), go("bye", "x", "d")],
  });
  expect(error?.issues).toHaveLength(5);
});
