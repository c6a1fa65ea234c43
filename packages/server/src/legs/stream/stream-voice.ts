import type { Samples } from "@earshot/engine";

/** What a stream plays of the agent. Positions are samples of the agent since the call began, dropped ones not counted. */
export interface StreamVoice {
  /** How far ahead of real time frames are taken, ms. */
  readonly leadMs: number;
  play(frame: Samples): void;
  /** A sound of the leg's own, which counts for no position. */
  playAside(frame: Samples): void;
  /** Drops what has not been played; the position is reported at once. */
  clear(): void;
  /** Each 20 ms. */
  tick(): void;
  /** The carrier has played up to the mark. */
  onMark(name: string): void;
  /** Only where sound waits here. */
  duck?(isDucked: boolean): void;
}

export type StreamVoiceOptions = {
  /** 20 ms to the carrier. */
  readonly send: (frame: Samples) => void;
  readonly onPlayed: (samples: number) => void;
};
