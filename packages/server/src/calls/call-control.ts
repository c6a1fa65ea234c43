import type { EndReason, TransferOrder } from "@earshot/engine";
import type { NewAgent } from "../agents/agent.ts";
import type { McpEndpoint } from "../mcp-servers/mcp-connection.ts";
import type { RecordingFormat } from "../recordings/recording-format.ts";
import type { Handoffs } from "../tools/handoffs.ts";
import type { VoiceTurns } from "../voice-turns/voice-turn.ts";
import type { Call } from "./call.ts";
import type { InjectContext, Say } from "./call-order.ts";

/** Everything that a call needs to begin. */
export type CallReservation = {
  readonly call: Call;
  /** The agent's settings as they were when the call was created. */
  readonly agent: NewAgent;
  /** The customer's server replies instead of a language model. */
  readonly voiceTurns?: VoiceTurns;
  /** Who may take over within the call. */
  readonly handoffs?: Handoffs;
  /** By id. */
  readonly mcpServers?: Readonly<Record<string, McpEndpoint>>;
  /** From whoever transferred the caller here. */
  readonly briefing?: string;
  /** Of its recording, if there is to be one. Default wav. */
  readonly recordingFormat?: RecordingFormat;
  readonly relay?: Relay;
};

/** A call to somebody outside who is told something, and is then connected with the far end of another call. */
export type Relay = { readonly callId: string; readonly briefing?: string };

/** What holds the live calls of this node. */
export interface CallControl {
  /**
   * Makes room for a call whose audio is about to connect.
   * @throws AppError `too_many_calls`, `not_ready`, `unknown_model` or `unknown_voice`
   */
  reserve(reservation: CallReservation): Promise<void>;
  /** Asks a call to end; false when this node doesn't hold it. Returns once the call is over and stored. */
  end(callId: string, reason: EndReason): Promise<boolean>;
  /** The agent says this now. False when this node doesn't hold the call, or it has not begun or is over. */
  say(callId: string, say: Say): Promise<boolean>;
  /** Tells the language model something. False as for `say`. */
  injectContext(callId: string, context: InjectContext): Promise<boolean>;
  /** False as for `say`. */
  mute(callId: string, isMuted: boolean): Promise<boolean>;
  /** Nothing is kept of what is said while the recording is paused. False as for `say`. */
  pauseRecording(callId: string, isPaused: boolean): Promise<boolean>;
  /** Hands the caller on; how that came out is in the journal. False as for `say`. */
  transfer(callId: string, order: TransferOrder): Promise<boolean>;
  /**
   * Begins two reserved calls of pace "real" that are each other's far end: what one agent says the other hears. False
   * when this node doesn't hold both, or one has begun or is over.
   */
  bridge(callIdA: string, callIdB: string): Promise<boolean>;
  /** Calls that are reserved or live. */
  readonly liveCalls: number;
  /** No more calls are taken. */
  readonly isDraining: boolean;
  /** Takes no more calls, and waits for those that live; after `timeoutMs` they end with "server-shutdown". */
  drain(timeoutMs: number): Promise<void>;
}

/** Holds no calls: those that are created wait for ever. For tests and tools that need the API only. */
export function createIdleCallControl(): CallControl {
  let isDraining = false;
  return {
    async reserve() {},
    async end() {
      return false;
    },
    async say() {
      return false;
    },
    async injectContext() {
      return false;
    },
    async mute() {
      return false;
    },
    async pauseRecording() {
      return false;
    },
    async transfer() {
      return false;
    },
    async bridge() {
      return false;
    },
    liveCalls: 0,
    get isDraining() {
      return isDraining;
    },
    async drain() {
      isDraining = true;
    },
  };
}
