import { FRAME_SAMPLES, toSamples } from "../audio/frame.ts";

/** Where the next caller frame lies on the recording's time line: gapless, but never far from real time. */
export class CallerTimeline {
  #next = 0;

  /** `nowMs`: time in the call at which the frame's last sample arrived. */
  place(nowMs: number): number {
    const heard = toSamples(nowMs) - FRAME_SAMPLES;
    if (heard - this.#next > toSamples(200)) this.#next = heard;
    const position = Math.max(0, this.#next);
    this.#next = position + FRAME_SAMPLES;
    return position;
  }
}
