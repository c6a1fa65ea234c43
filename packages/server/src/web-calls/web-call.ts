import { z } from "zod";
import { newCallShape } from "../calls/call.ts";
import { storableText } from "../storable-text.ts";

const { variables, metadata, strict } = newCallShape.shape;

export const newWebCallShape = z
  .strictObject({
    agentId: storableText({ min: 1, max: 64 }).describe("Who speaks."),
    variables,
    metadata,
    strict,
  })
  .meta({ id: "NewWebCall" });

export const newPublicWebCallShape = z
  .strictObject({
    publicKey: z.string().min(1).max(64).describe("Names the agent."),
    variables: variables.describe("Only those that the key allows."),
  })
  .meta({ id: "NewPublicWebCall" });

export const webCallShape = z
  .object({
    callId: z.string(),
    token: z.string().describe("Begins this one call, once. Give it to the page: it opens nothing else."),
    expiresAt: z.iso.datetime().describe("Until when the token begins the call."),
    audioUrl: z.string().describe("The call's socket, with the token."),
    missingVariables: z
      .array(z.string())
      .optional()
      .describe("Inputs of the agent and {{names}} of its texts without a value; absent: none."),
  })
  .meta({ id: "WebCall" });

export type NewPublicWebCall = z.output<typeof newPublicWebCallShape>;
