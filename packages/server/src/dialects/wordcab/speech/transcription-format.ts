/** Transcriptions as OpenAI's clients ask for them. The recogniser gives one text without times: one segment. */
import type { Transcription } from "../../../speech/speech.ts";

export const TRANSCRIPTION_FORMATS = ["json", "text", "srt", "vtt", "verbose_json"] as const;
export type TranscriptionFormat = (typeof TRANSCRIPTION_FORMATS)[number];

export type ShownTranscription = { readonly contentType: string; readonly body: string };

export function showTranscription(
  { text, durationMs }: Transcription,
  format: TranscriptionFormat,
  language: string,
): ShownTranscription {
  const duration = durationMs / 1000;
  switch (format) {
    case "json":
      return json({ text });
    case "verbose_json":
      return json({
        task: "transcribe",
        language,
        duration,
        text,
        segments: [{ id: 0, start: 0, end: duration, text }],
      });
    case "text":
      return { contentType: "text/plain; charset=utf-8", body: `${text}\n` };
    case "srt":
      return {
        contentType: "application/x-subrip; charset=utf-8",
        body: `1\n${toTime(0, ",")} --> ${toTime(durationMs, ",")}\n${text}\n`,
      };
    case "vtt":
      return {
        contentType: "text/vtt; charset=utf-8",
        body: `WEBVTT\n\n${toTime(0, ".")} --> ${toTime(durationMs, ".")}\n${text}\n`,
      };
  }
}

function json(value: object): ShownTranscription {
  return { contentType: "application/json", body: JSON.stringify(value) };
}

/** hh:mm:ss and milliseconds. */
function toTime(ms: number, point: "," | "."): string {
  const pad = (value: number, length = 2) => String(Math.floor(value)).padStart(length, "0");
  const seconds = ms / 1000;
  return `${pad(seconds / 3600)}:${pad((seconds / 60) % 60)}:${pad(seconds % 60)}${point}${pad(ms % 1000, 3)}`;
}
