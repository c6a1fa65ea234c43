import { decodeMuLaw, ENGINE_RATE_HZ, encodeMuLaw, FRAME_SAMPLES, Resampler, type Samples } from "@earshot/engine";
import { HighPass } from "./high-pass.ts";

const LINE_RATE_HZ = 8000;
const LOW_HZ = 300;

/** What is left of speech on the telephone: 300 to 3400 Hz, 8 kHz, mu-law (ITU-T G.711), frame by frame. */
export class TelephoneLine {
  readonly #highPass = [new HighPass(LOW_HZ), new HighPass(LOW_HZ)] as const;
  readonly #down = new Resampler(ENGINE_RATE_HZ, LINE_RATE_HZ);
  readonly #up = new Resampler(LINE_RATE_HZ, ENGINE_RATE_HZ);
  /** The filters hold a few samples back: 20 ms of delay keep every frame whole. */
  #waiting: Samples = new Int16Array(FRAME_SAMPLES);

  /** The same number of samples as came, 20 ms later. */
  pass(frame: Samples): Samples {
    const [first, second] = this.#highPass;
    const narrow = this.#down.push(frame.map((sample) => second.next(first.next(sample))));
    const heard = this.#up.push(decodeMuLaw(encodeMuLaw(narrow)));
    const line = new Int16Array(this.#waiting.length + heard.length);
    line.set(this.#waiting);
    line.set(heard, this.#waiting.length);
    this.#waiting = line.slice(frame.length);
    return line.slice(0, frame.length);
  }
}
