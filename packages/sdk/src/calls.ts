import { followJournal, type JournalEntry } from "./call-events.ts";
import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { Page, PageQuery } from "./page.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Call = components["schemas"]["Call"];
/** A call as lists show it, without what was said. */
export type CallListItem = components["schemas"]["CallListItem"];
export type NewCall = requests["schemas"]["NewCall"];
/** A call just created, with where its audio goes. */
export type CreatedCall = components["schemas"]["CreatedCall"];
export type CallStatus = Call["status"];

/** Calls: live ones and those that are over. */
export class Calls {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Creates a call; it begins when somebody connects to its `audioUrl` (see CallAudio). */
  create(call: NewCall, options: RequestOptions = {}): Promise<CreatedCall> {
    return this.#transport.json({ ...options, method: "POST", path: "/v1/calls", body: { json: call } });
  }

  get(callId: string, options: RequestOptions = {}): Promise<Call> {
    return this.#transport.json({ ...options, path: pathOf(callId) });
  }

  /** One page, newest first. */
  list(
    query: PageQuery & { agentId?: string; status?: CallStatus } = {},
    options: RequestOptions = {},
  ): Promise<Page<CallListItem>> {
    return this.#transport.json({ ...options, path: "/v1/calls", query });
  }

  /** Hangs up a live call. */
  end(callId: string, options: RequestOptions = {}): Promise<Call> {
    return this.#transport.json({ ...options, method: "POST", path: `${pathOf(callId)}/end` });
  }

  /** Every fact of the call so far, in order. */
  journal(callId: string, options: RequestOptions = {}): Promise<{ readonly data: readonly JournalEntry[] }> {
    return this.#transport.json({ ...options, path: `${pathOf(callId)}/journal` });
  }

  /** A stereo WAV of 16 kHz: the caller left, the agent right. */
  recording(callId: string, options: RequestOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#transport.bytes({ ...options, path: `${pathOf(callId)}/recording` });
  }

  /**
   * Facts as they happen, from the first (or the one after `afterSeq`) to the end of the call. Reconnects where it was
   * when the connection is lost. Throws EarshotError where the server stays away; ends quietly when `signal` aborts.
   */
  events(
    callId: string,
    options: { afterSeq?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<JournalEntry, void, void> {
    return followJournal(this.#transport, `${pathOf(callId)}/events`, options);
  }
}

function pathOf(callId: string): string {
  return `/v1/calls/${encodeURIComponent(callId)}`;
}
