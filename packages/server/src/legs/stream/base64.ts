/** Sound as carriers write it in JSON. */
export function toBase64({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): string {
  return Buffer.from(buffer, byteOffset, length).toString("base64");
}

/** What isn't base64 in it is left out. */
export function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}
