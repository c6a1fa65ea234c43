import { followJournal, type JournalEntry } from "./call-events.ts";
import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { PageQuery } from "./page.ts";
import { ReadableResource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Call = components["schemas"]["Call"];
/** A call as lists show it, without what was said. */
export type CallListItem = components["schemas"]["CallListItem"];
export type NewCall = requests["schemas"]["NewCall"];
/** A call just created, with where its audio goes. */
export type CreatedCall = components["schemas"]["CreatedCall"];
export type CallStatus = Call["status"];

export type CallQuery = PageQuery & { readonly agentId?: string | undefined; readonly status?: CallStatus | undefined };

/** Calls: live ones and those that are over. */
export class Calls extends ReadableResource<{ item: Call; listItem: CallListItem; query: CallQuery }> {
  constructor(transport: Transport) {
    super(transport, "/v1/calls");
  }

  /** Creates a call; it begins when somebody connects to its `audioUrl` (see CallAudio). */
  create(call: NewCall, options: RequestOptions = {}): Promise<CreatedCall> {
    return this.post(this.pathOf(), call, options);
  }

  /** Hangs up a live call. */
  end(callId: string, options: RequestOptions = {}): Promise<Call> {
    return this.post(this.pathOf(callId, "end"), undefined, options);
  }

  /** Every fact of the call so far, in order. */
  journal(callId: string, options: RequestOptions = {}): Promise<{ readonly data: readonly JournalEntry[] }> {
    return this.transport.json({ ...options, path: this.pathOf(callId, "journal") });
  }

  /** A stereo WAV of 16 kHz: the caller left, the agent right. */
  recording(callId: string, options: RequestOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.transport.bytes({ ...options, path: this.pathOf(callId, "recording") });
  }

  /**
   * Facts as they happen, from the first (or the one after `afterSeq`) to the end of the call. Reconnects where it was
   * when the connection is lost. Throws EarshotError where the server stays away; ends quietly when `signal` aborts.
   */
  events(
    callId: string,
    options: { afterSeq?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<JournalEntry, void, void> {
    return followJournal(this.transport, this.pathOf(callId, "events"), options);
  }
}
