/** What the loudspeaker has of one reply: audio on its way, and how far it was played. */

import { FRAME_SAMPLES, type Samples } from "../audio/frame.ts";
import { SpokenWords } from "./spoken-words.ts";

export type Segment = {
  readonly replyId: string;
  readonly words: SpokenWords;
  readonly chunks: Samples[];
  /** Samples of the first chunk that are sent already. */
  chunkOffset: number;
  queued: number;
  sent: number;
  /** On the leg's scale of played samples: where this reply begins. */
  base: number;
  played: number;
  /** When the first sample is heard, moved on by every gap. */
  anchorMs: number;
  state: "waiting" | "playing" | "stopping";
  isFinished: boolean;
  /** The audio stops short of the words. */
  isBroken: boolean;
  reportedAtMs: number;
  /** Nothing of it is to be heard yet. */
  isHeld: boolean;
  /** Sounds that are no part of it, by where they begin. */
  readonly inserted: { readonly at: number; readonly length: number }[];
  /** All that was given has been played since then, and more is to come; clock's time. */
  quietSinceMs: number | undefined;
  isQuietReported: boolean;
};

/** `base`: samples that the leg has played of what was before. */
export function newSegment(replyId: string, { base, isHeld }: { base: number; isHeld: boolean }): Segment {
  return {
    replyId,
    words: new SpokenWords(),
    chunks: [],
    chunkOffset: 0,
    queued: 0,
    sent: 0,
    base,
    played: 0,
    anchorMs: 0,
    state: "waiting",
    isFinished: false,
    isBroken: false,
    reportedAtMs: 0,
    isHeld,
    inserted: [],
    quietSinceMs: undefined,
    isQuietReported: false,
  };
}

/** How much of the reply itself was heard, samples. */
export function ownPlayed({ played, inserted }: Segment): number {
  return inserted.reduce((own, { at, length }) => own - Math.min(length, Math.max(0, played - at)), played);
}

export function canFillFrame(segment: Segment): boolean {
  return segment.queued >= FRAME_SAMPLES || (segment.isFinished && segment.queued > 0);
}

/** The next 20 ms; the last one of a reply is filled up with silence. */
export function takeFrame(segment: Segment): Samples {
  const frame = new Int16Array(FRAME_SAMPLES);
  let filled = 0;
  for (let chunk = segment.chunks[0]; chunk && filled < FRAME_SAMPLES; chunk = segment.chunks[0]) {
    const count = Math.min(FRAME_SAMPLES - filled, chunk.length - segment.chunkOffset);
    frame.set(chunk.subarray(segment.chunkOffset, segment.chunkOffset + count), filled);
    filled += count;
    segment.chunkOffset += count;
    if (segment.chunkOffset < chunk.length) continue;
    segment.chunks.shift();
    segment.chunkOffset = 0;
  }
  segment.queued -= filled;
  segment.sent += FRAME_SAMPLES;
  return frame;
}
