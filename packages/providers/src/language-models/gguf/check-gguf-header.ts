import { open } from "node:fs/promises";

const HEADER_BYTES = 24;
const MAX_ENTRIES = 1_000_000;

/**
 * Throws, in words for the operator, where a file can't be GGUF (versions 2 and 3). llama.cpp's own reader may read
 * for ever in a file that only begins like one.
 */
export async function checkGgufHeader(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    if (bytesRead < HEADER_BYTES || buffer.toString("latin1", 0, 4) !== "GGUF") throw new Error("it is no GGUF file");
    const version = buffer.readUInt32LE(4);
    const counts = [buffer.readBigUInt64LE(8), buffer.readBigUInt64LE(16)];
    if (version < 2 || version > 3) throw new Error(`its GGUF version ${version} is not supported`);
    if (counts.some((count) => count > MAX_ENTRIES)) throw new Error("its header is damaged");
  } finally {
    await file.close();
  }
}
