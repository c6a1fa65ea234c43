import { gzip } from "node:zlib";
import type { CallBundle } from "./call-bundle.ts";

/** Long lines are hard on whoever reads line by line. */
const CHUNK_BYTES = 300_000;

/** The file's bytes: gzip of lines of JSON. */
export function writeBundle({ header, call, agent, entries, recording }: CallBundle): Promise<Uint8Array<ArrayBuffer>> {
  const lines = [JSON.stringify(header), JSON.stringify({ call })];
  if (agent) lines.push(JSON.stringify({ agent }));
  for (const entry of entries) lines.push(JSON.stringify({ entry }));
  for (let at = 0; recording && at < recording.length; at += CHUNK_BYTES) {
    const chunk = recording.subarray(at, at + CHUNK_BYTES);
    lines.push(JSON.stringify({ recording: Buffer.from(chunk).toString("base64") }));
  }
  lines.push(JSON.stringify({ end: { entries: entries.length, recordingBytes: recording?.length ?? 0 } }));
  return new Promise((resolve, reject) => {
    gzip(`${lines.join("\n")}\n`, (error, bytes) => (error ? reject(error) : resolve(new Uint8Array(bytes))));
  });
}
