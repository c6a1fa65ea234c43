import { WIRE_RATE_HZ } from "./audio-format.ts";
import { FrameCutter } from "./frame-cutter.ts";
import { Resampler } from "./resampler.ts";

const QUANTUM_SAMPLES = 128;

/** Microphone in, 20 ms frames for the wire out. Without a microphone it goes on with silence: the call lives on. */
class CaptureProcessor extends AudioWorkletProcessor {
  readonly #resampler = new Resampler({ fromHz: sampleRate, toHz: WIRE_RATE_HZ });
  readonly #cutter = new FrameCutter();
  readonly #silence = new Float32Array(QUANTUM_SAMPLES);

  process(inputs: Float32Array[][]): boolean {
    const microphone = inputs[0]?.[0] ?? this.#silence;
    this.#cutter.push(this.#resampler.push(microphone), (frame) => this.port.postMessage(frame, [frame.buffer]));
    return true;
  }
}

registerProcessor("earshot-capture", CaptureProcessor);
