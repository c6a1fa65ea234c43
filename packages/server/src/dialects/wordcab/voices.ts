/** Wordcab's built-in voices, spoken by ours. */

/** One of them for each of ours, so that they can be told apart as far as there are voices. */
const BUILT_IN: Readonly<Record<string, string>> = {
  ember: "flite:slt",
  slate: "flite:rms",
  marin: "flite:slt",
  onyx: "flite:kal16",
  brook: "flite:slt",
  ash: "flite:awb",
};

export const BUILT_IN_VOICES: readonly string[] = Object.keys(BUILT_IN);

/** The voice of ours that speaks for one of Wordcab's; every other id is its own. */
export function toOurVoice(voiceId: string): string {
  return Object.hasOwn(BUILT_IN, voiceId) ? (BUILT_IN[voiceId] ?? voiceId) : voiceId;
}
