const RATE_HZ = 16_000;
const SYLLABLE_MS = 160;

/** A hum with a syllable for each vowel group: no words, but pauses, pitch and length of speech. */
export function hum(text: string): Int16Array<ArrayBuffer> {
  const words = text.split(/\s+/).map(hummedWord);
  const samples = new Int16Array(words.reduce((sum, word) => sum + word.length, 0));
  let at = 0;
  for (const word of words) {
    samples.set(word, at);
    at += word.length;
  }
  return samples;
}

function hummedWord(word: string): Int16Array {
  const syllables = Math.max(1, word.match(/[aeiouy]+/gi)?.length ?? 1);
  const spoken = (syllables * SYLLABLE_MS * RATE_HZ) / 1000;
  const pause = ((/[.,!?]$/.test(word) ? 220 : 40) * RATE_HZ) / 1000;
  return Int16Array.from({ length: spoken + pause }, (_, i) => {
    if (i >= spoken) return 0;
    const loudness = Math.abs(Math.sin((Math.PI * syllables * i) / spoken));
    const pitchHz = 120 + 15 * Math.sin(i / 3000);
    const wave = [1, 2, 3, 5].reduce((sum, k) => sum + Math.sin((2 * Math.PI * k * pitchHz * i) / RATE_HZ) / k, 0);
    return Math.round(5000 * loudness * wave);
  });
}

/** A WAV file of two channels, silent: stands for a recording. */
export function silentRecording(durationMs: number): Buffer {
  const dataBytes = Math.round((durationMs * RATE_HZ) / 1000) * 4;
  const wav = Buffer.alloc(44 + dataBytes);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + dataBytes, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(RATE_HZ, 24);
  wav.writeUInt32LE(RATE_HZ * 4, 28);
  wav.writeUInt16LE(4, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(dataBytes, 40);
  return wav;
}
