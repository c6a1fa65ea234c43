import type { Samples } from "../audio/frame.ts";

/** Writes down what both parties heard, on one time line that begins with the call. */
export interface Recorder {
  /** `position` counts samples (16 kHz) from the beginning of the call; pieces of one track come in order. */
  write(track: "caller" | "agent", position: number, samples: Samples): void;
  /** Nothing before `position` will change any more. Called each 20 ms; must return at once. */
  advance(position: number): void;
  /** From `position` on nothing is kept, or everything again; the time goes on. */
  setOn(isOn: boolean, position: number): void;
  close(): Promise<void>;
}
