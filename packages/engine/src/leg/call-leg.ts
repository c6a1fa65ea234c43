import type { Samples } from "../audio/frame.ts";

/**
 * One party's live connection: events in, orders out. An adapter decodes and resamples to 16 kHz mono at its edge.
 * The session pulls nothing: the leg pushes a frame when it has one.
 */
export interface CallLeg {
  readonly can: LegCapabilities;
  /** Called once, before anything else; the leg may call the handlers from then on, never before. */
  open(handlers: LegHandlers): void;
  /** One 20 ms frame of the agent's voice, to be heard after all frames before it. The leg owns the array. */
  play(frame: Samples): void;
  /** Drops what has not been heard. The leg answers with `onPlayed` (its final position) where it can report. */
  clear(): void;
  /**
   * Lowers what is being played, or brings it back, at once. Where a leg can't, the session lowers the frames it plays
   * from then on, which is heard `leadMs` later.
   */
  duck?(isDucked: boolean): void;
  /** Sends digits 0-9*#. Only where `can.sendDigits`. */
  sendDigits(digits: string): void;
  /** Tells a leg that shows captions or meters what happened; others ignore it. */
  show(notice: LegNotice): void;
  /** Hangs up. Idempotent; `onClosed` is not called for it. */
  close(reason: string): void;
}

export type LegCapabilities = {
  /** The far end tells how much it has played; otherwise playing is taken to follow sending by `latencyMs`. */
  readonly reportPlayback: boolean;
  readonly sendDigits: boolean;
  readonly transfer: boolean;
  /** How far ahead of real time frames may be sent, ms. */
  readonly leadMs: number;
};

export type LegHandlers = {
  /** 20 ms of the caller, 16 kHz mono; the handler owns the array. */
  readonly onAudio: (frame: Samples) => void;
  readonly onDigit: (digit: string) => void;
  /** Samples (16 kHz) of ours the far end has played since the call began, dropped ones not counted. */
  readonly onPlayed: (samples: number) => void;
  /** The far end is out of reach for now; frames played meanwhile are lost. `onResumed` or `onClosed` follows. */
  readonly onLost: () => void;
  readonly onResumed: () => void;
  readonly onClosed: (reason: LegClosedReason) => void;
};

export type LegClosedReason = "caller-hung-up" | "connection-lost" | "transferred" | "failed";

/** One journal entry as JSON, for legs whose far end draws it. */
export type LegNotice = { readonly type: string; readonly atMs: number } & Readonly<Record<string, unknown>>;
