import { z } from "zod";
import { CALL_END_REASONS } from "../calls/call.ts";
import { storableText } from "../storable-text.ts";

export const newReplayShape = z
  .strictObject({
    agentId: storableText({ min: 1, max: 64 }).optional().describe("Who answers now; absent: the call's own agent."),
    version: z
      .number()
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .describe("Which of its deployed versions; absent: the working one."),
  })
  .meta({ id: "NewReplay" });

const toolShape = z
  .object({
    name: z.string(),
    arguments: z.string().describe("JSON text as the model wrote it."),
    outcome: z.enum(["succeeded", "failed"]).optional().describe("Absent where no result came."),
    result: z.string().optional(),
  })
  .meta({ id: "ReplayTool" });

const agentTurnShape = z
  .object({
    agent: z.string().describe("What was heard of it."),
    tools: z.array(toolShape),
    responseMs: z.number().optional().describe("From the caller's last sample to the agent's first."),
    interruptedAfterMs: z.number().optional().describe("How long the agent had been heard when it was stopped."),
  })
  .meta({ id: "ReplayAgentTurn" });

const turnShape = z
  .object({
    caller: z.string().describe("What the caller said; empty for the opening."),
    before: agentTurnShape.optional().describe("As recorded; absent where that call had no such turn."),
    after: agentTurnShape.optional().describe("As it goes now; absent where the call was over by then."),
    differences: z
      .array(z.enum(["words", "tools", "interruption", "missing"]))
      .describe("In what they differ. A difference of time alone is none."),
  })
  .meta({ id: "ReplayTurn" });

const endShape = z
  .object({ reason: z.enum(CALL_END_REASONS).optional(), durationMs: z.number() })
  .meta({ id: "ReplayEnd" });

const replayAgentShape = z
  .object({
    id: z.string().optional(),
    name: z.string(),
    version: z.number().int().optional().describe("Absent for a working version."),
    languageModel: z.string().optional().describe("Absent: the node's default."),
  })
  .meta({ id: "ReplayAgent" });

export const replayShape = z
  .object({
    callId: z.string(),
    outcome: z.enum(["same", "different"]),
    differences: z.number().int().describe("Turns that differ, and the end where it does."),
    before: replayAgentShape,
    after: replayAgentShape,
    turns: z.array(turnShape),
    end: z.object({ before: endShape, after: endShape, isSame: z.boolean() }).meta({ id: "ReplayEnds" }),
    repliesReused: z.number().int().describe("Replies for which the model was asked the same as then."),
    repliesAsked: z.number().int().describe("Replies for which a language model was really asked."),
    toolsNotRun: z
      .array(z.object({ name: z.string(), arguments: z.string() }).meta({ id: "ReplayToolNotRun" }))
      .describe("Tools that the agent would have called and that have no recorded result."),
    unsaid: z.array(z.string()).describe("What the caller had still to say when the call ended."),
  })
  .meta({ id: "Replay", description: "A recorded call, held again with an agent as it is now." });

export type NewReplay = z.infer<typeof newReplayShape>;
export type Replay = z.infer<typeof replayShape>;
