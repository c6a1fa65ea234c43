export type SdpErrorCode =
  | "too_large"
  | "malformed_line"
  | "missing_version"
  | "missing_origin"
  | "malformed_origin"
  | "malformed_connection"
  | "malformed_media"
  | "unwritable_value";

/** A session description that can't be read or written. `message` names the line and what was expected there. */
export class SdpError extends Error {
  readonly code: SdpErrorCode;
  /** 1-based; undefined where no single line is at fault. */
  readonly line: number | undefined;

  constructor(code: SdpErrorCode, message: string, line?: number) {
    super(line === undefined ? message : `SDP line ${line}: ${message}`);
    this.name = "SdpError";
    this.code = code;
    this.line = line;
  }
}
