import { z } from "zod";

export const optOutShape = z
  .object({
    phoneNumber: z.string().describe("Ours, E.164."),
    recipient: z.string().describe("Who must not be written to from it."),
    word: z.string().describe("As it was written, such as STOP."),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "OptOut", description: "Somebody asked not to be written to from a number." });

export type OptOut = Readonly<z.infer<typeof optOutShape>>;
