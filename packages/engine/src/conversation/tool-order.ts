/** What a tool wants done to the call itself: the rules decide when, and settle the tool. */

import type { TransferOrder } from "./transfer-order.ts";

export type ToolOrder =
  /** Keys that the far end hears, 0-9*#. */
  | { readonly type: "send-digits"; readonly digits: string }
  /** Says its last words, whoever speaks, and hangs up. */
  | {
      readonly type: "end-call";
      readonly say?: string;
      /** What the call ends for. Default: `agent-hung-up`. */
      readonly reason?: "voicemail";
    }
  /** Nothing that is said meanwhile is kept. */
  | { readonly type: "pause-recording" | "resume-recording" }
  | ({ readonly type: "transfer" } & TransferOrder);
