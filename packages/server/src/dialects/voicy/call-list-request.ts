import { z } from "zod";
import type { CallDirection } from "../../calls/call.ts";
import type { CallFilter, CallListing } from "../../calls/store.ts";
import type { WallClock } from "../../wall-clock.ts";
import { FILTER_WORDS, toStates } from "./call-status.ts";
import { voicyError } from "./errors.ts";
import { fromVoicyId } from "./voicy-id.ts";

/** Years that a date can hold. */
const MAX_TIME_MS = 8_640_000_000_000_000;
const time = z.number().int().min(-MAX_TIME_MS).max(MAX_TIME_MS).optional();
const id = z.string().max(200);

/** One value may stand without its array. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z.union([z.array(item).max(1000), item.transform((value) => [value])]).optional();
}

export const callListShape = z.looseObject({
  filter_criteria: z
    .looseObject({
      agent_id: listOf(id),
      call_status: listOf(z.enum(FILTER_WORDS)),
      direction: listOf(z.enum(["incoming", "outgoing", "inbound", "outbound"])),
      start_timestamp: z.looseObject({ lower_threshold: time, upper_threshold: time }).optional(),
      include_test_calls: z.boolean().default(false),
    })
    .nullish(),
  sort_order: z.enum(["descending", "ascending"]).default("descending"),
  limit: z.number().int().min(1).max(1000).default(50),
  pagination_key: id.nullish(),
});
type CallListRequest = z.infer<typeof callListShape>;

const DIRECTIONS: Readonly<Record<string, readonly CallDirection[]>> = {
  incoming: ["inbound", "web"],
  inbound: ["inbound", "web"],
  outgoing: ["outbound"],
  outbound: ["outbound"],
};

/** @param options `hidesTests`: whether calls at another pace than a telephone's are left out unless asked for */
export function toCallFilter(
  { filter_criteria }: CallListRequest,
  clock: WallClock,
  options: { readonly hidesTests: boolean },
): CallFilter {
  const { agent_id, call_status, direction, start_timestamp, include_test_calls } = filter_criteria ?? {};
  const { lower_threshold: from, upper_threshold: to } = start_timestamp ?? {};
  return {
    ...(isGiven(agent_id) ? { agentId: agent_id.map((sent) => fromVoicyId("agt", sent)) } : {}),
    ...(isGiven(call_status) ? { states: toStates(call_status) } : {}),
    ...(isGiven(direction) ? { directions: direction.flatMap((word) => DIRECTIONS[word] ?? []) } : {}),
    ...(from === undefined ? {} : { createdFrom: clock.at(from) }),
    ...(to === undefined ? {} : { createdBefore: clock.at(Math.min(to + 1, MAX_TIME_MS)) }),
    ...(options.hidesTests && include_test_calls !== true ? { pace: "real" as const } : {}),
  };
}

export function toCallPage({
  limit,
  sort_order,
  pagination_key,
}: CallListRequest): Omit<CallListing, keyof CallFilter> {
  const beforeId = isGiven(pagination_key) ? fromVoicyId("call", pagination_key) : undefined;
  if (beforeId === "") throw voicyError("invalid_request", "pagination_key must be the call_id of a call");
  return { limit, beforeId, isAscending: sort_order === "ascending" };
}

function isGiven<Value extends { readonly length: number }>(value: Value | null | undefined): value is Value {
  return value !== undefined && value !== null && value.length > 0;
}
