/** Random graphs, also silly ones: circles, dead ends, nodes that lead to themselves by way of others. */

import fc from "fast-check";
import type { Expression } from "../../conversation/flow/expression.ts";
import type { FlowEdge, FlowNode, FlowRules } from "../../conversation/flow/flow-rules.ts";

const IDS = ["n0", "n1", "n2", "n3", "n4", "n5"] as const;

/** What the model may ask for; most of it can't be done where it is. */
export const STEPS = [...IDS.map((id) => `go_to_${id}`), "go_back", "go_to_nowhere"] as const;

const mood = (op: "==" | "!="): Expression => ({ op, left: { name: "mood" }, right: { value: "good" } });

const anyCondition: fc.Arbitrary<Expression> = fc.constantFrom<Expression[]>(
  mood("=="),
  mood("!="),
  { op: "exists", name: "mood" },
  { op: "==", left: { name: "tool.outcome" }, right: { value: "failed" } },
  { op: "exists", name: "digits" },
);

const anyEdge: fc.Arbitrary<FlowEdge> = fc
  .record({
    to: fc.constantFrom(...IDS),
    kind: fc.constantFrom("tool", "tool", "when", "else"),
    when: anyCondition,
    message: fc.constantFrom("", "", "On the way."),
  })
  .map(({ to, kind, when, message }) => ({
    to,
    ...(kind === "tool" ? { tool: `go_to_${to}` } : {}),
    ...(kind === "when" ? { when } : {}),
    ...(message === "" ? {} : { message }),
  }));

const anyNode: fc.Arbitrary<FlowNode> = fc
  .record({
    type: fc.constantFrom(
      "conversation",
      "conversation",
      "conversation",
      "tool",
      "extract",
      "condition",
      "transfer",
      "hand-off",
      "end",
    ),
    edges: fc.array(anyEdge, { maxLength: 4 }),
    line: fc.constantFrom("", "", "First of all this."),
    isOdd: fc.boolean(),
  })
  .map(({ type, edges, line, isOdd }) => toNode(type, { edges, isOdd, ...(line === "" ? {} : { firstLine: line }) }));

function toNode(
  type: string,
  { isOdd, ...base }: { edges: readonly FlowEdge[]; isOdd: boolean; firstLine?: string },
): FlowNode {
  switch (type) {
    case "tool":
      return {
        ...base,
        type,
        name: "look_up",
        arguments: { mood: "{{mood}}" },
        ...(isOdd ? { scene: "choosing" } : {}),
      };
    case "extract":
      return { ...base, type, variables: [{ name: "mood", type: "string" }] };
    case "transfer":
      return { ...base, type, destination: "+15550100" };
    case "hand-off":
      return { ...base, type, agentId: "agt_1" };
    case "condition":
    case "end":
      return { ...base, type };
    default: {
      // In a stage the rules follow nothing that has no condition.
      const edges = base.edges.filter(({ tool, when }) => tool !== undefined || when !== undefined);
      return { ...base, edges, type: "conversation", scene: "stage", ...(isOdd ? { isGlobal: true } : {}) };
    }
  }
}

export const anyFlow: fc.Arbitrary<FlowRules> = fc.tuple(...IDS.map(() => anyNode)).map((nodes) => ({
  entry: "n0",
  nodes: {
    ...Object.fromEntries(IDS.map((id, index) => [id, nodes[index]])),
    n0: toNode("conversation", { edges: nodes[0]?.edges ?? [], isOdd: false }),
  } as FlowRules["nodes"],
  facts: {},
}));
