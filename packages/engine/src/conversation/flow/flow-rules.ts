/** A conversation as a graph, in the engine's words. Part of the rules, so that a call keeps the graph it began with. */

import type { Values } from "../values.ts";
import type { Expression } from "./expression.ts";

export type FlowRules = {
  /** A conversation node; its scene is the one in which the call begins. */
  readonly entry: string;
  readonly nodes: Readonly<Record<string, FlowNode>>;
  /** What is known before the first word: variables of the call, and facts such as `call.direction`. */
  readonly facts: Values;
};

export type FlowNode = {
  /** Said on entering, whatever the caller says next. */
  readonly firstLine?: string;
  /** In the order in which they are tried. */
  readonly edges: readonly FlowEdge[];
} & (
  | {
      readonly type: "conversation";
      readonly scene: string;
      /** Entered from anywhere; the model may go back from it to where it came from. */
      readonly isGlobal?: true;
    }
  | {
      readonly type: "tool";
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
      /** Where the model chooses the way when the tool is done. */
      readonly scene?: string;
    }
  | { readonly type: "extract"; readonly variables: readonly WantedValue[] }
  | { readonly type: "condition" }
  | { readonly type: "transfer"; readonly destination: string }
  | { readonly type: "hand-off"; readonly agentId: string }
  | { readonly type: "end" }
);

export type FlowEdge = {
  readonly to: string;
  /** Followed by the rules as soon as it is true. */
  readonly when?: Expression;
  /** Followed when the model calls this tool. An edge with neither is followed when no other is. */
  readonly tool?: string;
  /** Said on the way. */
  readonly message?: string;
};

/** A value to be found in what was said. */
export type WantedValue = {
  readonly name: string;
  readonly type: "string" | "number" | "boolean" | "date" | "time" | "email" | "phone";
  readonly description?: string;
  readonly isRequired?: boolean;
};

/** Where a call is in its flow. */
export type FlowState = {
  readonly nodeId: string;
  /** The newest node in which the model speaks: what the agent is, whatever the flow does meanwhile. */
  readonly stageId: string;
  /** Where the model left the way for a global node. */
  readonly returnTo?: string;
  /** The tool or extraction that the present node waits for. */
  readonly taskId?: string;
  /** What the newest of them gave. */
  readonly tool?: { readonly outcome: "succeeded" | "failed"; readonly result: string };
  /** Keyed in the caller's newest turn that held digits. */
  readonly digits: string;
  /** Nodes entered since the caller's newest turn. */
  readonly moves: number;
  /** It found no way on, or the caller speaks on after the end: it waits for the caller's turn. */
  readonly isResting: boolean;
  /** Steps that the model asked for and that can't be taken, since the caller's newest turn. */
  readonly refusals: number;
  readonly tasks: number;
};

/** The model's tools for following edges are called so, and then the node's id. */
export const GO_TO_PREFIX = "go_to_";
/** The model's tool for leaving a global node. */
export const GO_BACK_TOOL = "go_back";
/** Tools that transfer and hand-off nodes have run. */
export const TRANSFER_TOOL = "transfer_call";
export const HAND_OFF_TOOL = "hand_off";
/** The name under which an extraction stands in the history. */
export const EXTRACT_TOOL = "extract_values";
/** Ids of tools that a flow has run by itself begin so, and then count. */
export const FLOW_TASK_PREFIX = "flow-";
/** Nodes entered between two turns of the caller before the flow is taken for a circle. */
export const MAX_MOVES = 50;
/** Steps that can't be taken before the model isn't asked any more in this turn. */
export const MAX_REFUSALS = 3;
