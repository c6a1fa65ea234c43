import { z } from "zod";

/** What a client may send as text on the audio WebSocket. */
const clientMessageShape = z.discriminatedUnion("type", [
  /** Agent samples rendered since the call began; dropped ones are not counted. */
  z.object({ type: z.literal("played"), samples: z.number().int().min(0) }),
  z.object({ type: z.literal("digit"), digit: z.string().regex(/^[0-9*#]$/, "must be one of 0-9, * and #") }),
  z.object({ type: z.literal("hang-up") }),
  /** First message of a connection that takes up a call: agent samples received so far. */
  z.object({ type: z.literal("resume"), received: z.number().int().min(0) }),
  /** WebRTC for the sound: SDP. */
  z.object({ type: z.literal("offer"), sdp: z.string().max(40_000) }),
  z.object({ type: z.literal("candidate"), candidate: z.string().max(2_000) }),
]);

export type ClientMessage = z.infer<typeof clientMessageShape>;

export function parseClientMessage(text: string): ClientMessage | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: "The message is no JSON." };
  }
  const parsed = clientMessageShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join(".") || "message"}: ${issue?.message ?? "is not understood"}` };
}
