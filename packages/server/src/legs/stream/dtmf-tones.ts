import { ENGINE_RATE_HZ, FRAME_MS, FRAME_SAMPLES, type Samples } from "@earshot/engine";

const ROWS_HZ = [697, 770, 852, 941];
const COLUMNS_HZ = [1209, 1336, 1477];
const KEYS = "123456789*0#";
/** ITU-T Q.24: at least 40 ms each; receivers of answering machines want more. */
const TONE_MS = 100;
const PAUSE_MS = 80;
/** Of each of the two tones: -13 dBFS together with the other. */
const AMPLITUDE = 0.16 * 32_767;

/** Keys as a telephone sounds them (ITU-T Q.23), in frames; what is no key is left out. */
export function toTones(digits: string): Samples[] {
  return [...digits].flatMap((digit) => {
    const key = KEYS.indexOf(digit);
    return key < 0 ? [] : [...toneFrames(key), ...silence()];
  });
}

function toneFrames(key: number): Samples[] {
  const row = ROWS_HZ[Math.floor(key / COLUMNS_HZ.length)] ?? 0;
  const column = COLUMNS_HZ[key % COLUMNS_HZ.length] ?? 0;
  return Array.from({ length: TONE_MS / FRAME_MS }, (_, index) =>
    Int16Array.from({ length: FRAME_SAMPLES }, (__, sample) => {
      const atS = (index * FRAME_SAMPLES + sample) / ENGINE_RATE_HZ;
      return Math.round(AMPLITUDE * (Math.sin(2 * Math.PI * row * atS) + Math.sin(2 * Math.PI * column * atS)));
    }),
  );
}

function silence(): Samples[] {
  return Array.from({ length: PAUSE_MS / FRAME_MS }, () => new Int16Array(FRAME_SAMPLES));
}
