import { END_REASONS } from "@earshot/engine";
import { z } from "zod";
import { metadataShape, storableText } from "../storable-text.ts";

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

export const newCallShape = z
  .strictObject({
    agentId: z.string().max(64),
    type: z.literal("web").default("web"),
    pace: paceShape.default("real"),
    variables: callVariablesShape.default({}),
    metadata: metadataShape.default({}),
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
  })
  .meta({ id: "Turn" });

const callFields = {
  id: z.string(),
  agentId: z.string(),
  agentVersion: z.number().int(),
  agentName: z.string(),
  type: z.literal("web"),
  pace: paceShape,
  status: z.enum(["created", "active", "ended"]),
  endReason: z.enum(END_REASONS).optional(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  durationMs: z.number().int().optional(),
  variables: callVariablesShape,
  metadata: metadataShape,
};

const summaryShape = z
  .object({
    turns: z.number().int(),
    responseMsMedian: z.number().optional(),
    responseMsMax: z.number().optional(),
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
    transcript: z.array(transcriptLineShape),
    turns: z.array(turnShape),
  })
  .meta({ id: "Call" });

export const createdCallShape = callShape
  .extend({
    audioUrl: z.string().describe("WebSocket of the call's audio; holds the token."),
    token: z.string().describe("Opens the audio of this call and nothing else."),
  })
  .meta({ id: "CreatedCall" });

export type NewCall = z.infer<typeof newCallShape>;
export type TranscriptLine = z.infer<typeof transcriptLineShape>;
export type Turn = z.infer<typeof turnShape>;
export type CallSummary = z.infer<typeof summaryShape>;
/** A call as it is stored, without what is folded from its journal. */
export type Call = Readonly<z.infer<z.ZodObject<typeof callFields>>> & { readonly summary?: CallSummary };
