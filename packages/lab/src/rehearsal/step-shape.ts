/** How a scenario's steps are written. */
import { z } from "zod";
import { parsePattern } from "../callers/text-pattern.ts";
import { MADE_SOUNDS } from "../sound/made-sounds.ts";

export const spokenText = z.string().trim().min(1).max(2000);
export const lengthMs = z.number().int().min(0).max(600_000);

/** Words, or a regular expression between slashes. */
export const patternShape = z
  .string()
  .min(1)
  .max(2000)
  .refine(isPattern, "has a broken regular expression between its slashes")
  .describe("Words, whatever their case and punctuation; or /a regular expression/.");

const momentShape = z
  .strictObject({
    agentDone: z.literal(true).describe("Once the agent has answered and is quiet."),
    pauseMs: lengthMs.describe("So long after the caller's own last word, whatever the agent does."),
    agentWords: z.number().int().min(1).max(500).describe("Once so many words of the agent's reply were heard."),
    agentSays: patternShape.describe("Once the agent's reply has this in it."),
    agentMs: lengthMs.describe("So long after the first sound of the agent's reply."),
  })
  .partial()
  .refine((moment) => Object.keys(moment).length === 1, {
    message: "must have exactly one of agentDone, pauseMs, agentWords, agentSays and agentMs",
  });

const STEP_VERBS = [
  "say",
  "interrupt",
  "backchannel",
  "sound",
  "press",
  "waitMs",
  "hear",
  "hangUp",
  "awaitEnd",
] as const;

const stepFields = z
  .strictObject({
    say: spokenText,
    interrupt: spokenText,
    backchannel: spokenText,
    sound: z.enum(MADE_SOUNDS),
    press: z.string().regex(/^[0-9*#]{1,40}$/, 'must be digits, * and # in quotes, e.g. "12#"'),
    waitMs: lengthMs,
    hear: patternShape,
    hangUp: z.literal(true),
    awaitEnd: z.literal(true),
    when: momentShape,
    withinMs: lengthMs,
  })
  .partial()
  .superRefine((step, context) => {
    const verbs = STEP_VERBS.filter((verb) => step[verb] !== undefined);
    if (verbs.length !== 1)
      context.addIssue({ code: "custom", message: `must have exactly one of ${STEP_VERBS.join(", ")}` });
    const [verb = ""] = verbs;
    if (step.when !== undefined && ["waitMs", "awaitEnd"].includes(verb))
      context.addIssue({ code: "custom", path: ["when"], message: `does not go with ${verb}` });
    if (step.withinMs !== undefined && verb !== "awaitEnd")
      context.addIssue({ code: "custom", path: ["withinMs"], message: "goes with awaitEnd only" });
  });

/** A text alone is something to say. */
export const stepShape = z.preprocess((step) => (typeof step === "string" ? { say: step } : step), stepFields);

export type ScenarioStep = z.output<typeof stepFields>;

function isPattern(source: string): boolean {
  try {
    parsePattern(source);
    return true;
  } catch {
    return false;
  }
}
