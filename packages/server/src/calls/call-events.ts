/** What the rest of the world is told of a call's beginning and end. */
import type { Values } from "@earshot/engine";
import type { NewDomainEvent } from "../webhooks/domain-event.ts";
import { type Call, isFailure } from "./call.ts";

type Moment = NewDomainEvent["occurredAt"];

export function callStarted(call: Call, at: Moment): NewDomainEvent {
  const { id, workspaceId, agentId, direction, fromNumber, toNumber } = call;
  return {
    type: "call.started",
    workspaceId,
    occurredAt: at,
    data: {
      callId: id,
      ...(agentId === undefined ? {} : { agentId }),
      direction,
      ...(fromNumber === undefined ? {} : { fromNumber }),
      ...(toNumber === undefined ? {} : { toNumber }),
      startedAt: at.toISOString(),
    },
  };
}

/** A call that was answered has ended and its transcript can be read; one that wasn't has failed. */
export function callOver(call: Call, at: Moment, values: Values = {}): NewDomainEvent[] {
  const { id, workspaceId, agentId, direction, fromNumber, toNumber, startedAt, endReason, error } = call;
  const data = {
    callId: id,
    ...(agentId === undefined ? {} : { agentId }),
    status: call.status,
    ...(endReason === undefined ? {} : { endReason }),
    direction,
    ...(fromNumber === undefined ? {} : { fromNumber }),
    ...(toNumber === undefined ? {} : { toNumber }),
    ...(startedAt === undefined ? {} : { startedAt }),
    endedAt: call.endedAt ?? at.toISOString(),
    durationMs: call.durationMs ?? 0,
    ...(Object.keys(values).length === 0 ? {} : { values: { ...values } }),
  };
  const told = { workspaceId, occurredAt: at };
  if (startedAt === undefined)
    return [{ type: "call.failed", ...told, data: { ...data, ...(error === undefined ? {} : { error }) } }];
  const isBroken = endReason !== undefined && isFailure(endReason);
  return [
    isBroken ? { type: "call.failed", ...told, data } : { type: "call.ended", ...told, data },
    { type: "transcript.completed", ...told, data },
  ];
}
