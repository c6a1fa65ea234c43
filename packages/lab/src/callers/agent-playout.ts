import type { AudioSamples } from "@earshot/sdk";

const FRAME_SAMPLES = 320;

/** The caller's loudspeaker: plays what came, frame by frame, and keeps what was really heard at its place in time. */
export class AgentPlayout {
  #queue: AudioSamples[] = [];
  /** Samples of the first in the queue that have been played. */
  #offset = 0;
  #queued = 0;
  #played = 0;
  readonly #heard: AudioSamples[] = [];
  #wasAudible = false;

  /** Samples played since the call began, silence between them not counted. */
  get playedSamples(): number {
    return this.#played;
  }

  get queuedSamples(): number {
    return this.#queued;
  }

  /** Something that is no silence is playing or waiting. */
  get isAudible(): boolean {
    return this.#wasAudible || this.#queue.some(hasSound);
  }

  push(samples: AudioSamples): void {
    if (samples.length === 0) return;
    this.#queue.push(samples);
    this.#queued += samples.length;
  }

  clear(): void {
    this.#queue = [];
    this.#offset = 0;
    this.#queued = 0;
  }

  /** Plays the next 20 ms, silence where nothing is there, and returns them. */
  tick(): AudioSamples {
    const frame = new Int16Array(FRAME_SAMPLES);
    let filled = 0;
    for (let first = this.#queue[0]; first !== undefined && filled < FRAME_SAMPLES; first = this.#queue[0]) {
      const count = Math.min(FRAME_SAMPLES - filled, first.length - this.#offset);
      frame.set(first.subarray(this.#offset, this.#offset + count), filled);
      filled += count;
      this.#offset += count;
      if (this.#offset < first.length) break;
      this.#queue.shift();
      this.#offset = 0;
    }
    this.#queued -= filled;
    this.#played += filled;
    this.#wasAudible = hasSound(frame);
    this.#heard.push(frame);
    return frame;
  }

  /** All of the call so far as the caller heard it, as long as the call was. */
  heard(): AudioSamples {
    const samples = new Int16Array(this.#heard.length * FRAME_SAMPLES);
    for (const [index, frame] of this.#heard.entries()) samples.set(frame, index * FRAME_SAMPLES);
    return samples;
  }
}

function hasSound(samples: AudioSamples): boolean {
  return samples.some((sample) => sample !== 0);
}
