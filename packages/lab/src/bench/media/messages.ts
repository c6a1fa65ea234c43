/** What the benchmark and its load process say to each other. */
import type { Samples } from "@earshot/engine";
import type { AudioCodecName } from "@earshot/telephony";

export type CallPlan = {
  /** A SIP URI. */
  readonly target: string;
  /** Of the process that is called. */
  readonly pid: number;
  readonly codec: AudioCodecName;
  readonly isEncrypted: boolean;
};

/** Calls at once, for so long; each caller says a sentence every `cycleMs`. */
export type TalkPlan = CallPlan & {
  readonly kind: "talk";
  readonly calls: number;
  readonly perSecond: number;
  /** From the last call's answer to the window. */
  readonly settleMs: number;
  readonly windowMs: number;
  readonly cycleMs: number;
  /** After the last sentence, so that it is answered. */
  readonly drainMs: number;
};

/** Short calls, one after the other, at a rate. */
export type SetUpPlan = CallPlan & {
  readonly kind: "set-up";
  readonly calls: number;
  readonly perSecond: number;
  readonly holdMs: number;
};

export type ToLoad = { readonly kind: "voice"; readonly samples: Samples } | TalkPlan | SetUpPlan;

export type TalkResult = {
  readonly answered: number;
  /** Why calls came to nothing, or ended too soon. */
  readonly failures: readonly string[];
  readonly lateMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
  readonly packets: number;
  readonly missing: number;
  /** Of the process that was called, in the window. */
  readonly cpuSeconds: number;
  readonly ownCpuSeconds: number;
  /** How late the load process itself was with its packets, p95. */
  readonly ownLateMs: number;
  readonly windowMs: number;
  /** Share of the processors that the host gave to others in the window, 0 to 1. */
  readonly stolen: number | undefined;
  /** At the end of the window. */
  readonly memoryMb: number;
  /** Sentences that were said to the end. */
  readonly sentences: number;
};

export type SetUpResult = {
  readonly failures: readonly string[];
  /** From the INVITE, ms, by call. */
  readonly answeredMs: readonly number[];
  readonly packetMs: readonly number[];
  readonly soundMs: readonly number[];
};

export type FromLoad =
  | { readonly kind: "ready"; readonly chatUrl: string }
  | { readonly kind: "voiced" }
  | { readonly kind: "talked"; readonly result: TalkResult }
  | { readonly kind: "set-up"; readonly result: SetUpResult }
  | { readonly kind: "failed"; readonly problem: string };
