import type { JournalEntry } from "@earshot/engine";
import type { Agent } from "../agents/agent.ts";
import type { ReadCall } from "../calls/read-call.ts";
import type { Contact } from "../contacts/contact.ts";
import type { DialectName } from "./dialect-name.ts";
import type { DomainEvent, EventType } from "./domain-event.ts";

/**
 * How one API tells its webhooks: names, envelope, headers and manners. Knows no store and no clock: a delivery is
 * encoded once, at its first attempt; the text is kept and sent again as it is, with new headers.
 */
export interface WebhookDialect {
  readonly name: DialectName;
  /** The name on the wire; undefined for what this API doesn't tell. */
  eventName(type: EventType): string | undefined;
  /**
   * The body, to become JSON.
   * @throws UndeliverableError when it can never be made, such as for a call that was deleted: nothing is sent
   */
  encode(delivery: DialectDelivery): Promise<unknown>;
  /** Besides Content-Type and what the endpoint's settings add. Asked at each attempt. */
  headers(attempt: DialectAttempt): Readonly<Record<string, string>>;
  readonly retries: RetryPolicy;
  /** How long an answer may take, in ms; at most 120,000. */
  timeoutMs(endpoint: DialectEndpoint): number;
  /** Events of one call or conversation wait for those before them. */
  readonly keepsOrder: boolean;
}

export type DialectDelivery = {
  readonly deliveryId: string;
  readonly event: DomainEvent;
  readonly eventName: string;
  readonly endpoint: DialectEndpoint;
  readonly load: WebhookLoad;
};

export type DialectEndpoint = {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId?: string;
  readonly url: string;
  /** Of the dialect: as it gave them to `createEndpoint` or `syncAgentEndpoint`. */
  readonly settings: Readonly<Record<string, unknown>>;
};

export type DialectAttempt = {
  /** Stable over retries. */
  readonly deliveryId: string;
  readonly eventId: string;
  readonly eventName: string;
  /** Unix seconds. */
  readonly timestampS: number;
  /** The exact text that is sent. */
  readonly body: string;
  /** Keys to sign with, the newest first; a second one for a day after a rotation; empty = unsigned. */
  readonly secrets: readonly string[];
  readonly endpoint: DialectEndpoint;
};

export type RetryPolicy = {
  /** Absent = as many as fit into a day. */
  readonly maxAttempts?: number;
  /** The first pause is random, up to this; each further one up to twice as much. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
};

/** Reads what a body needs besides its event, in the event's workspace. What was deleted is undefined. */
export interface WebhookLoad {
  call(callId: string): Promise<ReadCall | undefined>;
  /** Of a call that `call` found. Absent where there are no journals. */
  journal?(callId: string): Promise<readonly JournalEntry[]>;
  agent(agentId: string): Promise<Agent | undefined>;
  /** Whom the workspace knows by this number; absent: nobody. */
  contact?(phoneNumber: string): Promise<Contact | undefined>;
  conversation(conversationId: string): Promise<LoadedConversation | undefined>;
  /** The newest `limit` messages, oldest first. */
  history(conversationId: string, limit: number): Promise<readonly HistoryMessage[]>;
}

export type LoadedConversation = {
  readonly id: string;
  readonly participant: string;
  readonly phoneNumber: string;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
};

export type HistoryMessage = {
  readonly messageId: string;
  readonly body: string;
  readonly direction: "inbound" | "outbound";
  readonly channel: string;
  readonly createdAt: string;
};

/** A delivery that can never be made; the message says why and is shown in the log of deliveries. */
export class UndeliverableError extends Error {
  override readonly name = "UndeliverableError";
}

/** Exponential with full jitter: some twenty attempts in a day. */
export const DAY_OF_RETRIES: RetryPolicy = { firstDelayMs: 10_000, maxDelayMs: 4 * 3_600_000 };
