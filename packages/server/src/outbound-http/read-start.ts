import type { Readable } from "node:stream";

/**
 * Reads an answer's body and gives its first bytes as text. What comes after is thrown away, up to `drainBytes`, so that
 * the connection can be used again; past that the body is cut off.
 */
export async function readStart(
  body: Readable,
  { keepBytes, drainBytes }: { readonly keepBytes: number; readonly drainBytes: number },
): Promise<string> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (keptBytes < keepBytes) {
      const part = chunk.subarray(0, keepBytes - keptBytes);
      kept.push(part);
      keptBytes += part.length;
    }
    // Leaving the loop destroys the body.
    if (bytes > drainBytes) break;
  }
  return new TextDecoder().decode(Buffer.concat(kept));
}
