/** What `rmsDbfs` says of digital silence: below the quietest 16-bit sample, and a number that JSON can hold. */
export const SILENCE_DBFS = -100;

/** Loudness in dB under full scale: 0 for a full-scale square wave, -3 for a full-scale sine, -100 for silence. */
export function rmsDbfs(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  if (sum === 0) return SILENCE_DBFS;
  return Math.max(SILENCE_DBFS, 10 * Math.log10(sum / samples.length / (32_768 * 32_768)));
}
