import type { Voice } from "@earshot/engine";
import type { Spoken } from "./flite.ts";
import type { SpeakOrder } from "./messages.ts";

/** A synthesiser inside its worker. */
export interface Speaker {
  readonly name: string;
  readonly voices: readonly Voice[];
  /** Yields speech piece by piece; word times count from the start of each piece. Stops soon after `isCancelled`. */
  speak(order: SpeakOrder, isCancelled: () => boolean): AsyncIterable<Spoken>;
}
