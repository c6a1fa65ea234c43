/** What the two threads tell each other about one carrier's stream: the connection here, sound and the call there. */

import type { StreamMessage } from "./stream-codec.ts";

export const STREAM_CARRIERS = ["twilio", "telnyx", "plivo", "vonage", "audiosocket", "asterisk"] as const;
/** Whose dialect a stream speaks. */
export type StreamCarrier = (typeof STREAM_CARRIERS)[number];

export type ToStream =
  /** The carrier has connected; the call begins once it says that sound flows. */
  | { readonly kind: "open"; readonly callId: string; readonly carrier: StreamCarrier }
  | { readonly kind: "message"; readonly message: StreamMessage }
  /** The connection is gone. */
  | { readonly kind: "closed"; readonly isInOrder: boolean }
  /** The carrier says beside the stream that the call is over. */
  | { readonly kind: "over" }
  /** Whether the carrier is connecting the caller with somebody else: a stream that ends meanwhile ends for that. */
  | { readonly kind: "transferring"; readonly isTransferring: boolean };

export type FromStream =
  /** The call has begun. */
  | { readonly kind: "begun" }
  | { readonly kind: "message"; readonly message: StreamMessage }
  /** Digits go by the carrier's API. */
  | { readonly kind: "digits"; readonly digits: string }
  /** The call is over on our side. */
  | { readonly kind: "hang-up"; readonly reason: string }
  /** For the log. */
  | { readonly kind: "problem"; readonly problem: string };

/** A stream, as the main thread holds it. */
export interface StreamWire {
  send(order: ToStream): void;
  /** Nothing is told any more. */
  close(): void;
}
