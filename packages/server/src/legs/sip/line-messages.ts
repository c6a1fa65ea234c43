/** What the two threads tell each other about one telephone line: signalling here, sound and the call there. */

import type { LegClosedReason } from "@earshot/engine";
import type { MediaAgreement, MediaStatistics } from "@earshot/telephony";

export type ToLine =
  /** Opens ports; answered by `opened` or `failed`. */
  | { readonly kind: "open" }
  /** The far end is there: the call begins. */
  | {
      readonly kind: "connect";
      readonly callId: string;
      readonly agreement: MediaAgreement;
      /** It takes the place of one that has come to the call from another. */
      readonly isHandedOver?: boolean;
    }
  | { readonly kind: "update"; readonly agreement: MediaAgreement }
  /** A digit that came with the signalling. */
  | { readonly kind: "digit"; readonly digit: string }
  /** The far end is gone, or never came. */
  | { readonly kind: "end"; readonly reason: LegClosedReason };

export type FromLine =
  | { readonly kind: "opened"; readonly rtpPort: number }
  /** The line is lost. */
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  /** The peer takes no digits among the sound: they go with the signalling. */
  | { readonly kind: "digits"; readonly digits: string }
  /** The call is over. */
  | { readonly kind: "hang-up"; readonly reason: string }
  /** How it sounded; once, at the end. */
  | { readonly kind: "statistics"; readonly statistics: MediaStatistics };

/** A line, as the main thread holds it. */
export interface LineWire {
  send(order: ToLine): void;
  /** Nothing is told any more. */
  close(): void;
}
