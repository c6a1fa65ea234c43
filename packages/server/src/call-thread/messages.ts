/** What the main thread and the call thread tell each other. Audio travels as transferred buffers. */

import type { EndReason, JournalEntry, Samples } from "@earshot/engine";
import type { LocalModel, SpeechBundle } from "@earshot/providers";
import type { LineQuality } from "../calls/call.ts";
import type { CallReservation } from "../calls/call-control.ts";
import type { CallOrder } from "../calls/call-order.ts";
import type { LanguageModelConfig, LogLevel, RealtimeConfig } from "../config.ts";
import type { PeerPorts } from "../legs/open-peers.ts";
import type { FromLine, ToLine } from "../legs/sip/line-messages.ts";
import type { FromStream, ToStream } from "../legs/stream/stream-messages.ts";
import type { FromCompletions, ToCompletions } from "./completion-messages.ts";
import type { ThreadAnswer, ThreadRequest } from "./thread-requests.ts";

export type CallThreadData = {
  readonly speech: SpeechBundle;
  readonly localModels: readonly LocalModel[];
  readonly dataDirectory: string;
  readonly languageModel: LanguageModelConfig;
  readonly realtime: RealtimeConfig;
  readonly allowPrivateUrls: readonly string[];
  readonly webhookSecret: string | undefined;
  readonly logLevel: LogLevel;
  /** Where telephone calls send and receive sound; absent: there are none. */
  readonly media?: { readonly bindAddress: string; readonly ports: { readonly from: number; readonly to: number } };
  /** Where browsers' WebRTC does; absent: there is none. */
  readonly peers?: PeerPorts;
};

export type ThreadModel = { readonly name: string; readonly reason: string };

export type ToCallThread =
  | ToCompletions
  | { readonly type: "reserve"; readonly reservation: CallReservation }
  | { readonly type: "attach" | "detach"; readonly callId: string; readonly wireId: number }
  | { readonly type: "audio"; readonly callId: string; readonly wireId: number; readonly samples: Samples }
  | { readonly type: "text"; readonly callId: string; readonly wireId: number; readonly text: string }
  | { readonly type: "end"; readonly callId: string; readonly reason: EndReason }
  | { readonly type: "line"; readonly lineId: number; readonly order: ToLine }
  | { readonly type: "stream"; readonly streamId: number; readonly order: ToStream }
  /** Answered by `obeyed`: both begin, and hear each other. */
  | { readonly type: "bridge"; readonly orderId: number; readonly callIds: readonly [string, string] }
  /** Answered by `obeyed`. */
  | { readonly type: "order"; readonly orderId: number; readonly callId: string; readonly order: CallOrder }
  | { readonly type: "answer"; readonly askId: number; readonly answer: ThreadAnswer }
  /** Answers `journal`; `problem` when the entries could not be stored. */
  | { readonly type: "stored"; readonly batchId: number; readonly problem?: string };

export type FromCallThread =
  | FromCompletions
  | {
      readonly type: "ready";
      readonly languageModels: readonly ThreadModel[];
      readonly defaultLanguageModel: string;
      /** The first is the default. */
      readonly realtimeModels: readonly ThreadModel[];
      /** For people, at the start. */
      readonly explanation: string;
    }
  /** The thread can't start: what to correct. */
  | { readonly type: "refused"; readonly problem: string }
  /** Answers `order` and `bridge`; false when the call has not begun or is over. */
  | { readonly type: "obeyed"; readonly orderId: number; readonly isObeyed: boolean }
  | { readonly type: "started"; readonly callId: string }
  /** Answered by `answer`. */
  | { readonly type: "ask"; readonly askId: number; readonly callId: string; readonly request: ThreadRequest }
  /** The connections of one call are another's from now on; `isRelay`: which has a telephone line of its own. */
  | { readonly type: "handed-over"; readonly callId: string; readonly toCallId: string; readonly isRelay?: true }
  | {
      readonly type: "journal";
      readonly batchId: number;
      readonly callId: string;
      readonly entries: readonly JournalEntry[];
    }
  | { readonly type: "audio"; readonly callId: string; readonly wireId: number; readonly samples: Samples }
  | {
      readonly type: "text";
      readonly callId: string;
      readonly wireId: number;
      readonly message: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "line"; readonly lineId: number; readonly report: FromLine }
  | { readonly type: "stream"; readonly streamId: number; readonly report: FromStream }
  /** How a call over WebRTC sounded, at its end. */
  | { readonly type: "quality"; readonly callId: string; readonly quality: LineQuality }
  | { readonly type: "close-wire"; readonly callId: string; readonly wireId: number }
  | { readonly type: "ended"; readonly callId: string; readonly reason: EndReason; readonly durationMs: number }
  | { readonly type: "log"; readonly level: "warn" | "error"; readonly message: string; readonly fields: object };
