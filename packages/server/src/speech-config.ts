/** The setting of the speech models; read with all others by config.ts. */
import { z } from "zod";

/** `scripted`: nobody is understood, for load tests. */
export type SpeechModels = "embedded" | "scripted";

export const speechEnvironment = {
  EARSHOT_SPEECH: z
    .enum(["embedded", "scripted"])
    .prefault("embedded")
    .describe(
      "`scripted` is for load tests and capacity planning: every utterance is heard as the same sentence, and the voice is " +
        "pieces of one recording, so that neither costs anything; voice activity stays real.",
    ),
};
