/** What somebody outside a live call may order. */
import type { TransferOrder } from "@earshot/engine";
import { z } from "zod";
import { storableText } from "../storable-text.ts";

export const sayShape = z
  .strictObject({
    text: storableText({ min: 1, max: 2000 })
      .refine((text) => text.trim() !== "", "must hold a word")
      .describe("Spoken as it is, at once; what the agent was saying is cut off."),
    endAfter: z.boolean().default(false).describe("End the call once the text has been heard."),
  })
  .meta({ id: "Say" });

export const injectContextShape = z
  .strictObject({
    content: storableText({ min: 1, max: 10_000 })
      .refine((text) => text.trim() !== "", "must hold a word")
      .describe("A note that the language model sees from now on; the caller doesn't hear it."),
    shouldReply: z.boolean().default(false).describe("Let the agent take a turn as soon as nobody is speaking."),
  })
  .meta({ id: "InjectContext" });

export const muteShape = z
  .strictObject({
    isMuted: z.boolean().describe("A muted agent listens, and says nothing but what it is told to say."),
  })
  .meta({ id: "Mute" });

export const transferShape = z
  .strictObject({
    destination: z
      .string()
      .max(255)
      .regex(/^(?:\+[1-9][0-9]{6,14}|sips?:\S+@\S+)$/, "must be an E.164 number such as +31201234567, or a SIP URI"),
    message: storableText({ min: 1, max: 2000 }).optional().describe("Said to the caller before."),
    mode: z.enum(["cold", "warm"]).default("cold").describe("`warm`: whoever answers gets the briefing first."),
    briefing: storableText({ min: 1, max: 2000 }).optional().describe("What whoever answers is told."),
  })
  .meta({ id: "Transfer" });

export type Say = z.infer<typeof sayShape>;
export type InjectContext = z.infer<typeof injectContextShape>;
export type Mute = z.infer<typeof muteShape>;
export type Transfer = z.infer<typeof transferShape>;

/** An order on its way to the call. */
export type CallOrder =
  | ({ readonly type: "say" } & Readonly<Say>)
  | ({ readonly type: "inject-context" } & Readonly<InjectContext>)
  | ({ readonly type: "mute" } & Readonly<Mute>)
  | { readonly type: "record"; readonly isPaused: boolean }
  | { readonly type: "transfer"; readonly order: TransferOrder };
