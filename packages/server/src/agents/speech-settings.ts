/** How an agent hears and speaks. */
import { STRATEGY_NAMES } from "@earshot/engine";
import { z } from "zod";
import { storableText } from "../storable-text.ts";

const milliseconds = (min: number, max: number) => z.number().int().min(min).max(max);
const spoken = storableText({ max: 1000 });
const share = z.number().min(0).max(1);

export const voiceShape = z
  .strictObject({
    id: storableText({ min: 1, max: 200 }).optional().describe("An `id` of GET /v1/voices; absent: the default voice."),
    speed: z.number().min(0.5).max(2).default(1).describe("1 is the voice's own pace."),
    stability: share.optional().describe("How even the voice is, 0 to 1, where the voice can be tuned."),
    similarityBoost: share.optional().describe("How close to the original, 0 to 1, where the voice can be tuned."),
    style: share.optional().describe("How expressive, 0 to 1, where the voice can be tuned."),
    useSpeakerBoost: z.boolean().optional(),
  })
  .prefault({});

export const keytermsShape = z
  .array(storableText({ min: 1, max: 100 }))
  .max(200)
  .default([])
  .describe("Words worth recognising, most important first.");

export const pronunciationsShape = z
  .array(
    z
      .strictObject({
        from: storableText({ min: 1, max: 100 }).describe("As it is written."),
        to: storableText({ min: 1, max: 200 }).describe("As it is said."),
      })
      .meta({ id: "Pronunciation" }),
  )
  .max(200)
  .default([]);

export const ambientSoundShape = z
  .strictObject({
    clip: z.enum(["none", "office", "coffee-shop", "outdoor", "city", "forest", "crowded-room"]).default("none"),
    volume: share.default(0.3),
  })
  .prefault({})
  .describe("A quiet bed of sound under the call.");

export const turnTakingShape = z
  .strictObject({
    endOfTurnMinMs: milliseconds(0, 10_000)
      .default(500)
      .describe("Silence after a finished sentence before the answer, ms."),
    endOfTurnMaxMs: milliseconds(0, 30_000).default(1600).describe("Silence after words that sound unfinished, ms."),
    eagerness: z
      .enum(["patient", "balanced", "eager"])
      .default("balanced")
      .describe("How soon the agent takes its turn where the caller's words leave it open."),
    detectors: z
      .array(z.enum(STRATEGY_NAMES))
      .max(STRATEGY_NAMES.length)
      .default([...STRATEGY_NAMES])
      .describe(
        "What tells the end of a turn besides `endOfTurnMinMs` of silence: `silence` learns this caller's pauses, `words` " +
          "knows unfinished sentences, numbers and addresses, `prosody` hears the voice fall, `recogniser` asks a " +
          "speech-to-text model that can tell.",
      ),
    isPreemptive: z
      .boolean()
      .default(true)
      .describe("Whether the reply is begun, unheard, when the caller has probably finished."),
    fillPauseAfterMs: milliseconds(0, 30_000)
      .default(1500)
      .describe(
        'A caller who waits and has heard nothing for this long hears "one moment", or a soft sound, ms; 0: never.',
      ),
    bargeIn: z
      .strictObject({
        isEnabled: z.boolean().default(true).describe("When false the agent finishes what it says and answers then."),
        minSpeechMs: milliseconds(0, 5000)
          .default(300)
          .describe("Speech over the agent that counts as an interruption, ms."),
        minWords: z.number().int().min(0).max(20).default(0).describe("Words that it must hold; 0: sound is enough."),
      })
      .prefault({}),
    isEchoGuarded: z
      .boolean()
      .default(true)
      .describe("Whether the agent's own voice, coming back from a loudspeaker, is kept from interrupting it."),
    falseInterruptionMs: milliseconds(0, 30_000)
      .optional()
      .describe("Silence after an interruption without words, after which the agent goes on, ms; absent: 1500."),
    backchannel: z
      .strictObject({
        isEnabled: z.boolean().default(false),
        everyMs: milliseconds(1000, 60_000)
          .default(5000)
          .describe("How long the caller has spoken before the first, and between two, ms."),
      })
      .prefault({})
      .describe('Whether the agent says "uh-huh" during longer turns of the caller.'),
  })
  .prefault({})
  .refine(({ endOfTurnMinMs: min, endOfTurnMaxMs: max }) => min <= max, {
    message: "must not be less than endOfTurnMinMs",
    path: ["endOfTurnMaxMs"],
  });

export const silenceShape = z
  .strictObject({
    remindAfterMs: milliseconds(1000, 3_600_000).default(10_000).describe("Both quiet for this long: a reminder, ms."),
    maxReminders: z.number().int().min(0).max(10).default(2).describe("Reminders before the goodbye."),
    reminder: spoken.default("Are you still there?"),
    goodbye: spoken.default("I can't hear you, so I'll hang up now. Goodbye."),
    hangUpAfterMs: milliseconds(10_000, 3_600_000)
      .optional()
      .describe("Both quiet for this long: the goodbye, whatever reminders are left, ms."),
    holdMs: milliseconds(1000, 3_600_000)
      .default(60_000)
      .describe('Instead of `remindAfterMs` after the caller said "one moment", ms.'),
    isAutonomous: z
      .boolean()
      .default(false)
      .describe("The language model finds its own words for a reminder, or ends the call."),
  })
  .prefault({});
