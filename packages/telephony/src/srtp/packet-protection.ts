/** Where a packet stands in its stream. */
export type PacketIndex = {
  readonly ssrc: number;
  /** How often the sequence number has wrapped around: 32 bits. */
  readonly rollover: number;
  readonly sequence: number;
};

/**
 * One direction's cipher. All of it works in place: `seal` needs room for a tag behind `length` bytes and returns the new
 * length; `open` returns the length without the tag, or undefined, with nothing changed, where the tag is wrong.
 */
export interface PacketProtection {
  seal(bytes: Uint8Array, headerLength: number, length: number, index: PacketIndex): number;
  open(bytes: Uint8Array, headerLength: number, length: number, index: PacketIndex): number | undefined;
  /** `index` has 31 bits and goes out with the packet. */
  sealControl(bytes: Uint8Array, length: number, ssrc: number, index: number): number;
  openControl(bytes: Uint8Array, length: number, ssrc: number): { length: number; index: number } | undefined;
}

/** What a tag and an SRTCP index add at most. */
export const MAX_OVERHEAD_BYTES = 20;
/** A report's header and sender, which stay readable. */
export const CONTROL_HEADER_BYTES = 8;
export const INDEX_BYTES = 4;
export const ENCRYPTED_FLAG = 0x8000_0000;
