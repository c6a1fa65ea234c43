/** How a scenario says what it expects. */
import { z } from "zod";
import { lengthMs, patternShape } from "./step-shape.ts";

/** One pattern, or a list. */
const patterns = z
  .union([z.array(patternShape).max(50), patternShape])
  .transform((given) => (typeof given === "string" ? [given] : given));
const name = z.string().min(1).max(200);
const jsonObject = z.record(z.string(), z.unknown());

const toolShape = z.strictObject({
  name,
  arguments: jsonObject.optional().describe("Those that must be as given; others are free. Texts are patterns."),
  times: z.number().int().min(0).max(100).optional().describe("Exactly so often. Default: at least once."),
  outcome: z.enum(["succeeded", "failed"]).optional(),
});

const timesShape = z.strictObject({ p50: lengthMs, p95: lengthMs, max: lengthMs }).partial();

export const expectationShape = z
  .strictObject({
    agentSays: patterns.describe("All of these, anywhere in what was heard of the agent."),
    agentNeverSays: patterns,
    agentHears: patterns.describe("In what the agent understood of the caller."),
    afterBeep: patterns.describe("In what was left on the answering machine."),
    tools: z.array(toolShape).max(50),
    neverCalls: z.array(name).max(50),
    eachToolOnce: z.literal(true).describe("No tool is called twice with the same arguments."),
    variables: z
      .record(name, z.union([z.string(), z.number(), z.boolean()]))
      .describe("What the agent has learnt, by name; texts are patterns."),
    endReason: z
      .union([name, z.array(name).min(1)])
      .transform((given) => (typeof given === "string" ? [given] : given)),
    responseMs: timesShape.describe("From the caller's last sound to the agent's first, at most."),
    yieldMs: timesShape.describe("From the first sound of an interruption until the agent is silent, at most."),
    keepsTalking: z.literal(true).describe("Backchannels and sounds don't stop the agent for good."),
    deadAirMs: lengthMs.describe("No longer silence while the caller waits for the agent."),
    turns: z.strictObject({ min: z.number().int().min(0), max: z.number().int().min(0) }).partial(),
  })
  .partial();

export type Expectations = z.output<typeof expectationShape>;
