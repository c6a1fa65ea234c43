/** How a call that an agent placed fared on its way to the far end. */
import { z } from "zod";

/** Why a call was not answered, or that it was. Closed, and each has its row in docs/placing-calls.md. */
export const DIAL_CODES = [
  "answered",
  "busy",
  "ring_timeout",
  "no_answer",
  "rejected",
  "forbidden",
  "unknown_number",
  "unreachable",
  "redirected",
  "no_common_media",
  "trunk_unauthorized",
  "trunk_failed",
  "carrier_failed",
  "canceled",
  "no_trunk",
  "trunk_full",
  "trunk_rate",
  "destination_not_allowed",
  "premium_rate",
  "emergency_number",
  "daily_calls_used_up",
  "daily_minutes_used_up",
  "daily_spend_used_up",
  "start_missed",
  "start_failed",
] as const;
export type DialCode = (typeof DIAL_CODES)[number];

/** Why a call must not be placed. */
export type Refusal = {
  readonly reason: "rejected";
  readonly error: string;
  readonly dial: { readonly code: DialCode };
};

const attemptShape = z
  .object({
    trunkId: z.string(),
    code: z.enum(DIAL_CODES),
    sipStatus: z.number().int().optional(),
    sipReason: z.string().optional(),
  })
  .meta({ id: "DialAttempt" });

export const dialShape = z
  .object({
    code: z.enum(DIAL_CODES).optional().describe("Absent while it rings."),
    ringMs: z.number().int().optional().describe("From the first ringing to the answer, or to the end."),
    sipStatus: z.number().int().optional().describe("The last answer of the trunk; absent: there was none."),
    sipReason: z.string().optional(),
    trunkId: z.string().optional().describe("The SIP trunk that was tried last."),
    carrierAccountId: z.string().optional().describe("The carrier's account that it was placed through."),
    attempts: z.array(attemptShape).optional().describe("Trunks that were tried before it."),
    pricePerMinute: z.number().optional(),
  })
  .meta({ id: "Dial", description: "How a call that an agent placed fared on its way." });
export type Dial = Readonly<z.infer<typeof dialShape>>;

export const CALL_OUTCOMES = [
  "answered",
  "voicemail",
  "busy",
  "no-answer",
  "rejected",
  "unreachable",
  "canceled",
  "failed",
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

const OF_UNANSWERED: Readonly<Record<string, CallOutcome>> = {
  busy: "busy",
  "no-answer": "no-answer",
  rejected: "rejected",
  unreachable: "unreachable",
  "no-carrier": "unreachable",
  canceled: "canceled",
  // Whoever it was placed for did.
  "caller-hung-up": "canceled",
  "api-request": "canceled",
};

/** What came of a placed call; undefined for other calls, and until it is known. */
export function outcomeOf({
  direction,
  startedAt,
  status,
  endReason,
}: {
  readonly direction: string;
  readonly status: string;
  readonly startedAt?: string | undefined;
  readonly endReason?: string | undefined;
}): CallOutcome | undefined {
  if (direction !== "outbound") return undefined;
  if (startedAt !== undefined) return endReason === "voicemail" ? "voicemail" : "answered";
  if (status !== "ended" || endReason === undefined) return undefined;
  return OF_UNANSWERED[endReason] ?? "failed";
}
