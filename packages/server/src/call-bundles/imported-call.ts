import { z } from "zod";
import { callShape } from "../calls/call.ts";
import { storableText } from "../storable-text.ts";

const { agentName, direction, endReason, pace, variables, metadata, durationMs } = callShape.shape;

/** What of a file's call is believed; everything else is ours to say. */
export const importedCallShape = z.object({
  agentName: agentName.pipe(storableText({ max: 200 })),
  direction,
  pace,
  fromNumber: storableText({ max: 40 }).optional(),
  toNumber: storableText({ max: 40 }).optional(),
  endReason,
  error: storableText({ max: 2000 }).optional(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  durationMs: durationMs.pipe(z.number().int().min(0).max(2_147_483_647).optional()),
  variables: variables.default({}),
  metadata: metadata.default({}),
});
