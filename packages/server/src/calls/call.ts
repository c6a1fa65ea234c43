import { END_REASONS } from "@earshot/engine";
import { z } from "zod";
import { agentPatchShape, newAgentShape } from "../agents/agent.ts";
import { phoneNumberTextShape } from "../phone-numbers/parse-phone-number.ts";
import { callRecordingShape, type StoredRecording, toCallRecording } from "../recordings/recording.ts";
import { sipHeadersShape } from "../sip-trunks/sip-trunk.ts";
import { metadataShape, storableText } from "../storable-text.ts";
import { CALL_OUTCOMES, dialShape, outcomeOf } from "./dialling/dial.ts";

const callVariablesShape = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "must have names of letters, digits and _, at most 64"),
    storableText({ max: 2000 }),
  )
  .refine((variables) => Object.keys(variables).length <= 50, "must have at most 50 entries")
  .describe("What is known of the caller beforehand, by name.");

const paceShape = z
  .enum(["real", "fast"])
  .describe("`real`: as on a phone. `fast`: lockstep, as fast as both sides can: one frame of audio out for one in.");

/** Why a call ended: what the conversation can tell, and what can happen before there is one. */
export const CALL_END_REASONS = [
  ...END_REASONS,
  "busy",
  "no-answer",
  "rejected",
  "canceled",
  "unreachable",
  "no-carrier",
] as const;
export type CallEndReason = (typeof CALL_END_REASONS)[number];

const FAILURES: readonly CallEndReason[] = [
  "busy",
  "no-answer",
  "rejected",
  "canceled",
  "unreachable",
  "no-carrier",
  "provider-failure",
  "server-crash",
  "internal",
];

/** Whether a call ended otherwise than a conversation does. */
export function isFailure(reason: CallEndReason): boolean {
  return FAILURES.includes(reason);
}

export const CALL_STATUSES = ["created", "ringing", "active", "ended"] as const;
export const CALL_DIRECTIONS = ["inbound", "outbound", "web"] as const;

export const newCallShape = z
  .strictObject({
    agentId: storableText({ min: 1, max: 64 }).optional().describe("Who speaks; or give `agent`."),
    agent: newAgentShape.optional().describe("An agent for this call alone, instead of `agentId`."),
    overrides: agentPatchShape.optional().describe("Settings that differ for this call alone."),
    type: z.enum(["web", "phone"]).default("web"),
    to: storableText({ min: 1, max: 40 }).optional().describe("Whom to call, E.164; for `phone`."),
    fromNumberId: storableText({ min: 1, max: 64 })
      .optional()
      .describe("Which of the workspace's numbers calls; absent: the agent's first, or else any."),
    callerId: phoneNumberTextShape
      .optional()
      .describe(
        "Shown instead of the number that calls: another of the workspace's, or any where the trunk allows it.",
      ),
    ringTimeoutMs: z
      .number()
      .int()
      .min(1_000)
      .max(55_000)
      .optional()
      .describe("How long it rings; absent: 45 s. For `phone`."),
    headers: sipHeadersShape.optional().describe("SIP headers of the call; for `phone`."),
    startAt: z.iso
      .datetime({ offset: true })
      .optional()
      .describe("When to call; absent: now. For `phone`, within a year."),
    startBefore: z.iso
      .datetime({ offset: true })
      .optional()
      .describe("Too late by then, the call is given up; absent: 15 minutes after `startAt`."),
    pace: paceShape.default("real"),
    variables: callVariablesShape.default({}),
    strict: z
      .boolean()
      .default(false)
      .describe("Refuse the call when a variable is missing, with `missing_variables`."),
    metadata: metadataShape.default({}),
  })
  .refine(({ agentId, agent }) => (agentId === undefined) !== (agent === undefined), {
    message: "must be given, or agent instead of it, but not both",
    path: ["agentId"],
  })
  .refine(({ type, to }) => (type === "phone") === (to !== undefined), {
    message: "must be given for a phone call, and for no other",
    path: ["to"],
  })
  .superRefine(({ type, ...call }, context) => {
    const wrong = type === "phone" ? [] : (["callerId", "ringTimeoutMs", "headers", "startAt"] as const);
    for (const path of wrong)
      if (call[path] !== undefined)
        context.addIssue({ code: "custom", path: [path], message: "is for phone calls only" });
    if (call.startBefore !== undefined && call.startAt === undefined)
      context.addIssue({ code: "custom", path: ["startBefore"], message: "needs startAt" });
  })
  .meta({ id: "NewCall" });

const transcriptLineShape = z
  .object({
    role: z.enum(["caller", "agent", "tool"]),
    text: z.string(),
    atMs: z.number().describe("When it began, ms since the call began."),
    wasCutOff: z.literal(true).optional().describe("The caller talked over the rest, which isn't shown."),
  })
  .meta({ id: "TranscriptLine", description: "Only what was within earshot of the other side." });

/** What made the caller wait, in order of time. A step that a turn didn't have is part of the next one. */
export const SEGMENTS = [
  "speechEndMs",
  "transcriptMs",
  "endOfTurnMs",
  "toolsMs",
  "firstTextMs",
  "firstSentenceMs",
  "firstAudioMs",
  "playoutMs",
] as const;
export type Segment = (typeof SEGMENTS)[number];

const turnShape = z
  .object({
    replyId: z.string(),
    atMs: z.number().describe("The caller's last sample, ms since the call began."),
    responseMs: z.number().describe("From the caller's last sample to the agent's first."),
    segments: z
      .partialRecord(z.enum(SEGMENTS), z.number())
      .describe("Consecutive parts of responseMs, in ms; their sum is responseMs."),
    savedMs: z
      .number()
      .optional()
      .describe("How much longer it would have been had the reply not been begun before the turn was over."),
  })
  .meta({ id: "Turn" });

const importedFromShape = z
  .object({
    callId: z.string().describe("Its id where it was held."),
    exportedAt: z.iso.datetime(),
    scrubbed: z.object({ numbers: z.boolean(), words: z.boolean() }).meta({ id: "Scrubbed" }),
  })
  .meta({ id: "ImportedFrom", description: "The call was held elsewhere and came here as a file." });

const qualityShape = z
  .object({
    codec: z.string(),
    mos: z
      .number()
      .optional()
      .describe("Of what the agent hears, 1 to 4.41, by the E-model of G.107; above 4 is good."),
    lostPackets: z.number().int().describe("Of what the agent hears."),
    jitterMs: z.number(),
    roundTripMs: z.number().optional(),
  })
  .meta({ id: "LineQuality", description: "How a phone call sounded; filled in at its end." });

const callFields = {
  id: z.string(),
  agentId: z.string().optional().describe("Absent when the call brought its own agent, or its agent was deleted."),
  agentRevision: z.number().int().optional(),
  agentVersion: z.number().int().optional().describe("Absent when it is held with the working version."),
  agentName: z.string(),
  type: z.enum(["web", "phone"]),
  direction: z.enum(CALL_DIRECTIONS),
  fromNumber: z.string().optional(),
  toNumber: z.string().optional(),
  phoneNumberId: z.string().optional().describe("Which of the workspace's numbers took part."),
  pace: paceShape,
  status: z.enum(CALL_STATUSES),
  endReason: z.enum(CALL_END_REASONS).optional(),
  error: z.string().optional().describe("Why it failed, in words."),
  outcome: z.enum(CALL_OUTCOMES).optional().describe("What came of a call that was placed; absent: not known yet."),
  dial: dialShape.optional(),
  startAt: z.iso.datetime().optional().describe("When a scheduled call is placed; `created` until then."),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  durationMs: z.number().int().optional(),
  variables: callVariablesShape,
  metadata: metadataShape,
  quality: qualityShape.optional(),
  recording: callRecordingShape.optional().describe("Absent: the call was not to be recorded."),
  importedFrom: importedFromShape.optional(),
};

const valuesShape = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .describe("What the agent learnt, by the names of its variables; typed as they are.");

const summaryShape = z
  .object({
    turns: z.number().int(),
    responseMsMedian: z.number().optional(),
    responseMsMax: z.number().optional(),
    values: valuesShape
      .optional()
      .describe("Variables found in the transcript after the end; not learnt during the call."),
  })
  .meta({ id: "CallSummary", description: "Filled in soon after the end." });

/** A call as lists show it. */
export const callSummaryShape = z
  .object({ ...callFields, summary: summaryShape.optional(), recordingUrl: z.string().optional() })
  .meta({ id: "CallListItem" });

export const callShape = z
  .object({
    ...callFields,
    summary: summaryShape.optional(),
    recordingUrl: z.string().optional(),
    values: valuesShape,
    transcript: z.array(transcriptLineShape),
    turns: z.array(turnShape),
  })
  .meta({ id: "Call" });

export const createdCallShape = callShape
  .extend({
    audioUrl: z.string().optional().describe("WebSocket of a web call's audio; holds the token."),
    token: z.string().optional().describe("Opens the audio of this call and nothing else."),
    missingVariables: z
      .array(z.string())
      .optional()
      .describe(
        "Inputs of the agent and {{names}} of its texts that have neither a value nor a default; absent: none.",
      ),
  })
  .meta({ id: "CreatedCall" });

export type NewCall = z.infer<typeof newCallShape>;
export type CallStatus = (typeof CALL_STATUSES)[number];
export type CallDirection = (typeof CALL_DIRECTIONS)[number];
export type TranscriptLine = z.infer<typeof transcriptLineShape>;
export type Turn = z.infer<typeof turnShape>;
export type ImportedFrom = z.infer<typeof importedFromShape>;
export type LineQuality = z.infer<typeof qualityShape>;
export type CallSummary = z.infer<typeof summaryShape>;
type PublicCall = Readonly<z.infer<z.ZodObject<typeof callFields>>>;
/** A call as it is stored, without what is folded from its journal. */
export type Call = Omit<PublicCall, "type" | "outcome" | "recording"> & {
  readonly recording?: StoredRecording;
  readonly workspaceId: string;
  readonly peerCallId?: string;
  /** What clients of each dialect sent, verbatim, by the dialect's name. */
  readonly sent: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly summary?: CallSummary;
};

/** A call as our API shows it. */
export function toPublicCall<Some extends Call>(call: Some) {
  const { workspaceId, peerCallId, sent, recording, ...rest } = call;
  const outcome = outcomeOf(call);
  return {
    ...rest,
    type: call.direction === "web" ? ("web" as const) : ("phone" as const),
    ...(outcome === undefined ? {} : { outcome }),
    ...(recording === undefined ? {} : { recording: toCallRecording(recording) }),
  };
}
