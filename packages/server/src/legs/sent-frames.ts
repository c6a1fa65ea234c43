import { FRAME_SAMPLES, type Samples } from "@earshot/engine";

/** 2 s: more than is ever on its way to a client. */
const KEPT_FRAMES = 100;

/** The newest frames sent, so that a client which lost its connection gets what it missed. */
export class SentFrames {
  #frames: Samples[] = [];
  #total = 0;

  /** Keeps a copy: the frame itself goes to the connection. */
  add(frame: Samples): void {
    this.#frames.push(frame.slice());
    this.#total += FRAME_SAMPLES;
    if (this.#frames.length > KEPT_FRAMES) this.#frames.shift();
  }

  /** What was sent is to be dropped by the client: it is not sent again. */
  forget(): void {
    this.#frames = [];
  }

  /** The kept frames that a client which has received so many samples lacks; copies. */
  since(received: number): Samples[] {
    const missing = Math.min(this.#frames.length, Math.max(0, Math.ceil((this.#total - received) / FRAME_SAMPLES)));
    return this.#frames.slice(this.#frames.length - missing).map((frame) => frame.slice());
  }
}
