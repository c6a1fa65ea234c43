export type WavErrorCode =
  | "wav_not_a_wav"
  | "wav_empty"
  | "wav_bad_header"
  | "wav_unsupported_format"
  | "wav_too_large";

/** Says in one sentence what is wrong with a WAV file and what to do about it. */
export class WavError extends Error {
  readonly code: WavErrorCode;

  constructor(code: WavErrorCode, message: string) {
    super(message);
    this.name = "WavError";
    this.code = code;
  }
}
