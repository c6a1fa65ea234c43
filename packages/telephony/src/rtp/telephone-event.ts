/** The payload of a digit as in RFC 4733 section 2.3. */
import { readUint16, writeUint16 } from "./rtp-packet.ts";

export const EVENT_BYTES = 4;
/** In the order of their codes: RFC 4733 section 3.2. */
export const DIGITS = "0123456789*#ABCD";

export type TelephoneEvent = {
  /** 0 to 255; those of `DIGITS` come first. */
  readonly code: number;
  readonly isEnd: boolean;
  /** In units of the RTP clock. */
  readonly duration: number;
};

/** Undefined when `payload` is too short. */
export function readTelephoneEvent(payload: Uint8Array): TelephoneEvent | undefined {
  if (payload.length < EVENT_BYTES) return undefined;
  const [code = 0, flags = 0] = payload;
  return { code, isEnd: flags >= 0x80, duration: readUint16(payload, 2) };
}

/** Writes four bytes; the volume is -10 dBm0. */
export function writeTelephoneEvent(into: Uint8Array, at: number, event: TelephoneEvent): void {
  into[at] = event.code;
  into[at + 1] = (event.isEnd ? 0x80 : 0) | 10;
  writeUint16(into, at + 2, Math.min(0xffff, event.duration));
}
