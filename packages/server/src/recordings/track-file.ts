/** The bytes of a recording, as they are appended to its file while the call runs. */
export interface TrackFile {
  /** First bytes of the file. */
  begin(): Uint8Array;
  /** What stereo samples become: 16-bit little-endian at 16 kHz, caller left and agent right, in time without a gap. */
  push(stereo: Uint8Array): Uint8Array;
  /** Last bytes of the file, and those that its first ones are replaced with. */
  finish(): { readonly tail: Uint8Array; readonly head?: Uint8Array };
}
