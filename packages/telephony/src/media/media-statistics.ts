import type { AudioCodecName } from "../sdp/media-capabilities.ts";
import type { CallQuality } from "./call-quality.ts";

/** What one session has seen so far: plain numbers, fit for a journal. */
export type MediaStatistics = {
  readonly codec: AudioCodecName;
  readonly isEncrypted: boolean;
  readonly sent: {
    readonly packets: number;
    readonly octets: number;
    /** Frames dropped because the queue was full. */
    readonly droppedFrames: number;
    /** What the peer reported last; undefined before its first report. */
    readonly lostThere: number | undefined;
    readonly lossThere: number | undefined;
    readonly jitterThereMs: number | undefined;
  };
  readonly received: {
    readonly packets: number;
    /** Never came. */
    readonly lost: number;
    readonly late: number;
    readonly duplicate: number;
    readonly discarded: number;
    /** From strangers, without a valid tag, repeated, of formats not agreed on, or no RTP at all. */
    readonly refused: number;
    readonly resyncs: number;
    readonly concealedMs: number;
    readonly shortenedMs: number;
    readonly lengthenedMs: number;
    readonly jitterMs: number;
    /** What the jitter buffer adds now. */
    readonly bufferMs: number;
    readonly digits: number;
  };
  /** Undefined before the peer has answered a report. */
  readonly roundTripMs: number | undefined;
  /** Of what we hear. Undefined before the first packet. */
  readonly quality: CallQuality | undefined;
  /** Since the last valid packet; undefined before the first. */
  readonly silentMs: number | undefined;
};
