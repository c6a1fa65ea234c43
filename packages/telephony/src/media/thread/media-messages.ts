/** What the media thread and its owner say to each other. Frames of many calls travel in one message. */
import type { DigitTiming } from "../../rtp/digit-sender.ts";
import type { MediaAgreement } from "../../sdp/media-agreement.ts";
import type { MediaSessionOptions } from "../media-session.ts";
import type { MediaStatistics } from "../media-statistics.ts";

export type MediaThreadData = {
  /** Bounds of the port range, and where in it to begin, 0 to 1. */
  readonly ports: {
    readonly from: number;
    readonly to: number;
    readonly quarantineMs?: number;
    readonly start: number;
  };
  /** The local address that sockets are bound to. */
  readonly bindAddress: string;
  /** Where browsers reach this machine, best first; absent: no offers are answered. */
  readonly browserAddresses?: readonly string[];
  /** Whose packets count on browsers' connections; absent: everybody's. */
  readonly browserSources?: readonly string[];
};

export type SessionSettings = Pick<
  MediaSessionOptions,
  "latching" | "queueFrames" | "silentAfterMs" | "jitter" | "isSilenceSuppressed"
>;

export type ToMediaThread =
  | { readonly kind: "open"; readonly id: number }
  /** Answered by `answered`, then by the notice `connected`; or by `failed`. `offer`: a browser's, SDP. */
  | { readonly kind: "meet"; readonly id: number; readonly offer: string; readonly settings: SessionSettings }
  | {
      readonly kind: "start";
      readonly id: number;
      readonly agreement: MediaAgreement;
      readonly settings: SessionSettings;
    }
  | { readonly kind: "update"; readonly id: number; readonly agreement: MediaAgreement }
  | { readonly kind: "send"; readonly ids: readonly number[]; readonly samples: Int16Array }
  | { readonly kind: "clear" | "clear-digits" | "close"; readonly id: number }
  | { readonly kind: "gain"; readonly id: number; readonly gain: number }
  | { readonly kind: "digits"; readonly id: number; readonly digits: string; readonly timing: DigitTiming | undefined };

export type Notice = "silent" | "resumed" | "connected";

export type FromMediaThread =
  | { readonly kind: "opened"; readonly id: number; readonly rtpPort: number }
  /** `answer`: SDP. */
  | { readonly kind: "answered"; readonly id: number; readonly answer: string }
  | { readonly kind: "failed"; readonly id: number; readonly code: string; readonly message: string }
  /** Parallel lists; `gone` counts the frames that no longer wait, sent or dropped. */
  | {
      readonly kind: "frames";
      readonly ids: readonly number[];
      readonly hasSound: readonly boolean[];
      readonly sent: readonly number[];
      readonly gone: readonly number[];
      readonly samples: Int16Array<ArrayBuffer>;
    }
  | { readonly kind: "digit"; readonly id: number; readonly digit: string }
  | { readonly kind: "notice"; readonly id: number; readonly notice: Notice }
  | { readonly kind: "statistics"; readonly id: number; readonly statistics: MediaStatistics };
