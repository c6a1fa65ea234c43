/** What a rehearsal is made of: who calls, what the caller does, and what is expected of the agent. */
import { z } from "zod";
import { NOISE_KINDS } from "../sound/noise.ts";
import { expectationShape } from "./expectation-shape.ts";
import { lengthMs, spokenText, stepShape } from "./step-shape.ts";

const packetLossShape = z.union([
  z
    .number()
    .min(0)
    .max(90)
    .transform((percent) => ({ percent, burstFrames: 1, isConcealed: true })),
  z.strictObject({
    percent: z.number().min(0).max(90),
    burstFrames: z.number().min(1).max(500).default(1),
    isConcealed: z.boolean().default(true),
  }),
]);

const callerShape = z
  .strictObject({
    persona: z.string().max(2000).describe("Who calls; for readers, and for a caller with a goal."),
    voice: z.string().min(1).max(200).describe("A voice of `earshot voices list`. Default: the server's."),
    speed: z.number().min(0.5).max(2).describe("1: as the voice speaks."),
    pitch: z.number().min(0.6).max(1.6).describe("1: as high as the voice is."),
    pauseMs: lengthMs.describe("From the agent's last word to the caller's next. Default 500."),
    line: z.enum(["clean", "phone", "noisy"]).describe("`noisy`: a phone among people who talk, 15 dB below."),
    gainDb: z.number().min(-40).max(40).describe("Louder (clipped from some 20 on) or quieter."),
    noise: z.strictObject({ kind: z.enum(NOISE_KINDS), snrDb: z.number().min(-10).max(60) }),
    packetLoss: packetLossShape.describe("Percent of the frames, or {percent, burstFrames, isConcealed}."),
    echo: z
      .union([
        z.literal(true).transform((): { gainDb?: number; delayMs?: number } => ({})),
        z.strictObject({ gainDb: z.number().min(-60).max(0), delayMs: z.number().min(0).max(1000) }).partial(),
      ])
      .describe("The agent's voice in the caller's microphone, as with a speakerphone."),
  })
  .partial();

const menuShape = z.strictObject({
  prompt: spokenText,
  keys: z.record(z.string().regex(/^[0-9*#]$/, "must be one key: 0-9, * or #"), z.string().min(1)),
});

const ivrShape = z
  .strictObject({ begin: z.string().default("main"), menus: z.record(z.string().min(1), menuShape) })
  .superRefine(({ begin, menus }, context) => {
    if (menus[begin] === undefined)
      context.addIssue({ code: "custom", path: ["menus"], message: `has no menu "${begin}" to begin with` });
    for (const [name, { keys }] of Object.entries(menus))
      for (const [key, target] of Object.entries(keys))
        if (menus[target] === undefined && target !== "connect" && target !== "hang-up")
          context.addIssue({
            code: "custom",
            path: ["menus", name, "keys", key],
            message: `leads to "${target}", which is no menu (nor connect or hang-up)`,
          });
  });

const scenarioFields = z.strictObject({
  name: z.string().trim().min(1).max(200),
  agent: z.string().min(1).max(200).describe("By name or id."),
  version: z.number().int().min(1).optional().describe("A deployed version. Default: the working one."),
  overrides: z.record(z.string(), z.unknown()).optional().describe("Settings of the agent that differ."),
  variables: z.record(z.string(), z.string()).default({}).describe("What is known of the call beforehand."),
  pace: z.enum(["fast", "real"]).default("fast"),
  direction: z.enum(["inbound", "outbound"]).optional().describe("`outbound`: the agent calls."),
  caller: callerShape.prefault({}),
  script: z.array(stepShape).max(200).optional(),
  goal: z.string().trim().min(1).max(4000).optional().describe("Instead of a script: what the caller wants."),
  maxTurns: z.number().int().min(1).max(100).default(20).describe("Of a caller with a goal."),
  answeringMachine: z
    .strictObject({ greeting: spokenText, recordsMs: lengthMs.default(30_000) })
    .optional()
    .describe("Instead of a person: its greeting, a beep, and then it records."),
  ivr: ivrShape.optional().describe("A switchboard before the script: menus and where their keys lead."),
  expect: expectationShape.prefault({}),
});

export const scenarioShape = scenarioFields.superRefine(({ script, goal, answeringMachine }, context) => {
  const given = Object.entries({ script, goal, answeringMachine }).filter(([, value]) => value !== undefined);
  if (given.length !== 1)
    context.addIssue({ code: "custom", message: "must have exactly one of script, goal and answeringMachine" });
});

export type Scenario = z.output<typeof scenarioShape>;

/** A file with several scenarios, and what they have in common. */
export const suiteShape = z.strictObject({
  agent: z.string().min(1).max(200).optional(),
  version: z.number().int().min(1).optional(),
  caller: z.record(z.string(), z.unknown()).optional(),
  scenarios: z.array(z.record(z.string(), z.unknown())).min(1).max(500),
});
