import type { Call } from "@earshot/sdk";

/** A transcript as a play: who said what, in order. Words the caller did not hear are not in it. */
export function toPlayScript(transcript: Call["transcript"]): string {
  return transcript.map(toLine).join("\n");
}

function toLine({ role, text, atMs, wasCutOff }: Call["transcript"][number]): string {
  const speaker = role.toUpperCase().padStart(6);
  const seconds = (atMs / 1000).toFixed(1).padStart(6);
  return `${seconds}  ${speaker}  ${text}${wasCutOff ? " — (cut off)" : ""}`;
}
