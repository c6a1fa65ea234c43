import { encodeWav, parseWav, type Recorder, type Samples } from "@earshot/engine";
import { decodeOpusRecording } from "../decode-opus.ts";
import type { RecordingFormat } from "../recording-format.ts";

const FRAME_SAMPLES = 320;
const TONES_HZ = { caller: 440, agent: 1000 } as const;
/** 20 ms at 16 kHz hold a whole number of periods of both. */
const LOUDNESS = 8000;

/** A frame of the tone by which a track is told from the other one. */
function toneFrame(track: "caller" | "agent", position: number): Samples {
  const turn = (2 * Math.PI * TONES_HZ[track]) / 16_000;
  return Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => LOUDNESS * Math.sin(turn * (position + i)));
}

/** Both speak at once, in call time from `fromMs` to `toMs`. */
export function recordTones(recorder: Recorder, fromMs: number, toMs: number): void {
  for (let position = fromMs * 16; position < toMs * 16; position += FRAME_SAMPLES) {
    recorder.write("caller", position, toneFrame("caller", position));
    recorder.write("agent", position, toneFrame("agent", position));
    recorder.advance(position + FRAME_SAMPLES);
  }
}

/** How loud a track's own tone is, 0 to 1, in steps of 20 ms; a little of it is heard in any sound at its pitch. */
export function toneLevels(file: Uint8Array, format: RecordingFormat, track: "caller" | "agent", onTrack = track) {
  const stereo = format === "opus" ? decodeOpusRecording(file) : parseWav(file).samples;
  const turn = (2 * Math.PI * TONES_HZ[track]) / 16_000;
  const levels: number[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= stereo.length / 2; at += FRAME_SAMPLES) {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      const sample = stereo[2 * (at + i) + (onTrack === "caller" ? 0 : 1)] ?? 0;
      real += sample * Math.cos(turn * i);
      imaginary += sample * Math.sin(turn * i);
    }
    levels.push((2 * Math.hypot(real, imaginary)) / FRAME_SAMPLES / LOUDNESS);
  }
  return levels;
}

/** A second of silence on both tracks. */
export function silentWav(): Uint8Array {
  return encodeWav({ samples: new Int16Array(32_000), sampleRateHz: 16_000, channels: 2 });
}
