import type { ToolOutcome } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { Call } from "../calls/call.ts";
import type { DialectName } from "../webhooks/dialect-name.ts";

/** What the model wants of a tool. */
export type ToolRequest = {
  readonly callId: string;
  readonly toolCallId: string;
  readonly name: string;
  readonly arguments: object;
  /** ISO 8601. */
  readonly at: string;
};

/** How one API asks a customer's server to run a tool, and what it answers. Knows no socket. */
export interface ToolPayload {
  /** The body, to become JSON. */
  encode(request: ToolRequest): unknown;
  /** Besides Content-Type; `secret`: absent = unsigned; `timestampS`: unix seconds. */
  headers(signing: {
    readonly body: string;
    readonly timestampS: number;
    readonly secret: string | undefined;
  }): Readonly<Record<string, string>>;
  /** Of an answer with a status of success. */
  decode(text: string, toolCallId: string): ToolOutcome;
}

/** Made once a call. */
export type OpenToolPayload = (held: { readonly call: Call; readonly agent: AgentSettings }) => ToolPayload;

/** Of the vendors, by the dialect of the tool; ours is there anyway. */
export type ToolPayloads = ReadonlyMap<DialectName, OpenToolPayload>;
