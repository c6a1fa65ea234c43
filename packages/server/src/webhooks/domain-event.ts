/** What happens to a workspace's objects, as webhooks tell it. The list is closed; dialects translate it. */
import { z } from "zod";
import type { WallClock } from "../wall-clock.ts";

const moment = z.iso.datetime();
const number = z.string().optional().describe("E.164.");

const callStarted = z.object({
  callId: z.string(),
  agentId: z.string().optional(),
  direction: z.string(),
  fromNumber: number,
  toNumber: number,
  startedAt: moment,
});

const callEnded = z.object({
  callId: z.string(),
  agentId: z.string().optional(),
  status: z.string(),
  endReason: z.string().optional(),
  direction: z.string(),
  fromNumber: number,
  toNumber: number,
  startedAt: moment.optional().describe("Absent when it was never answered."),
  endedAt: moment,
  durationMs: z.number().int(),
  values: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe("What the agent learnt, by the names of its variables; absent: nothing."),
});

const message = z.object({
  messageId: z.string(),
  conversationId: z.string(),
  agentId: z.string().optional(),
  phoneNumberId: z.string(),
  direction: z.enum(["inbound", "outbound"]),
  channel: z.string(),
  from: z.string(),
  to: z.string(),
  body: z.string(),
  mediaUrls: z.array(z.string()),
  createdAt: moment,
});

const reaction = z.object({
  reactionId: z.string(),
  reaction: z.string(),
  messageId: z.string(),
  conversationId: z.string(),
  agentId: z.string().optional(),
  phoneNumberId: z.string(),
  channel: z.string(),
  from: z.string(),
  createdAt: moment,
});

/** The data of each type of event. */
export const eventDataShapes = {
  "call.started": callStarted.describe("A call was answered."),
  "call.ended": callEnded.describe(
    "A call that was answered is over: its journal is complete, its transcript readable.",
  ),
  "call.failed": callEnded.extend({ error: z.string().optional() }).describe("A call was never answered, or broke."),
  "transcript.completed": callEnded.describe("The transcript of a call can be read; comes right after call.ended."),
  "message.received": message.describe("A message came in."),
  "message.sent": message.describe("A message went out."),
  "message.delivered": message.describe("A carrier says that a message reached whom it was for."),
  "message.failed": message
    .extend({ error: z.string().optional() })
    .describe("A carrier says that a message can't be brought."),
  "message.reaction": reaction.describe("Somebody reacted to a message."),
  "agent.deployed": z
    .object({ agentId: z.string(), version: z.number().int(), deployedAt: moment })
    .describe("An agent was deployed: phone calls use this version from now on."),
  "webhook.test": z.object({ endpointId: z.string(), message: z.string() }).describe("Sent on demand."),
} as const;

export type EventType = keyof typeof eventDataShapes;
export const EVENT_TYPES = Object.keys(eventDataShapes) as [EventType, ...EventType[]];

export type EventData<Type extends EventType> = z.infer<(typeof eventDataShapes)[Type]>;

/** An event before it is stored. */
export type NewDomainEvent = {
  [Type in EventType]: {
    readonly type: Type;
    readonly workspaceId: string;
    /** When it is recorded; `data` holds the object's own times. */
    readonly occurredAt: ReturnType<WallClock["now"]>;
    readonly data: EventData<Type>;
  };
}[EventType];

/** A stored event. */
export type DomainEvent = {
  [Type in EventType]: {
    readonly id: string;
    readonly type: Type;
    readonly workspaceId: string;
    readonly agentId?: string;
    /** The object that it is about; its events go out in order. */
    readonly subjectId: string;
    readonly createdAt: string;
    readonly data: EventData<Type>;
  };
}[EventType];

/** The object whose events are delivered in order: a call, a conversation, an agent or an endpoint. */
export function subjectOf(event: NewDomainEvent): string {
  switch (event.type) {
    case "call.started":
    case "call.ended":
    case "call.failed":
    case "transcript.completed":
      return event.data.callId;
    case "message.received":
    case "message.sent":
    case "message.delivered":
    case "message.failed":
    case "message.reaction":
      return event.data.conversationId;
    case "agent.deployed":
      return event.data.agentId;
    case "webhook.test":
      return event.data.endpointId;
  }
}

export function agentOf(event: NewDomainEvent): string | undefined {
  return "agentId" in event.data ? event.data.agentId : undefined;
}
