import type { Samples } from "@earshot/engine";
import type { StreamMessage } from "../stream-codec.ts";

/** A carrier's end of a stream, as its documentation says: it keeps no time of its own. */
export interface CarrierEnd {
  /** What it says when it has connected. */
  greet(): StreamMessage[];
  /** 20 ms of the caller at 16 kHz. */
  say(frame: Samples): StreamMessage;
  press(digit: string): StreamMessage | undefined;
  /** Before it closes the connection. */
  hangUp(): StreamMessage | undefined;
  /** A message of ours. @throws Error when the documentation doesn't know it */
  hear(message: StreamMessage): void;
  /** 20 ms pass. What it has to say, then. */
  tick(): StreamMessage[];
  /** What the caller has heard, in pieces of 20 ms at the stream's own rate. */
  readonly played: readonly Samples[];
  /** Digits that it was asked to send. */
  readonly digits: string;
}
