import { followJournal, type JournalEntry } from "./call-events.ts";
import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { PageQuery } from "./page.ts";
import { ReadableResource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type Call = components["schemas"]["Call"];
/** A call as lists show it, without what was said. */
export type CallListItem = components["schemas"]["CallListItem"];
type Described = components["schemas"]["CreatedCall"];
type Requested = requests["schemas"]["NewCall"];
/** A web call to be created. */
export type NewCall = Omit<Requested, "type" | "to" | "fromNumberId"> & { readonly type?: "web" };
/** A phone call to be placed. */
export type NewPhoneCall = Omit<Requested, "type" | "pace"> & { readonly to: string };
/** A web call just created, with where its audio goes. */
export type CreatedCall = Described & Required<Pick<Described, "audioUrl" | "token">>;
/** What a page needs for one web call; see @earshot/web. */
export type WebCallAccess = components["schemas"]["WebCall"];
export type NewWebCall = requests["schemas"]["NewWebCall"];
/** Whoever has the URL may listen until it expires. */
export type RecordingLink = components["schemas"]["RecordingLink"];
export type CallStatus = Call["status"];

/** A recorded call, held again: what is different, turn by turn. */
export type Replay = components["schemas"]["Replay"];
export type NewReplay = requests["schemas"]["NewReplay"];
/** What goes into the file of a call, and what is masked in it. Default: no recording, nothing masked but secrets. */
export type CallExport = {
  readonly audio?: boolean | undefined;
  readonly scrubNumbers?: boolean | undefined;
  readonly scrubWords?: boolean | undefined;
};

export type CallQuery = PageQuery & { readonly agentId?: string | undefined; readonly status?: CallStatus | undefined };

/** Calls: live ones and those that are over. */
export class Calls extends ReadableResource<{ item: Call; listItem: CallListItem; query: CallQuery }> {
  constructor(transport: Transport) {
    super(transport, "/v1/calls");
  }

  /** Creates a web call; it begins when somebody connects to its `audioUrl` (see CallAudio). */
  create(call: NewCall, options: RequestOptions = {}): Promise<CreatedCall> {
    return this.post(this.pathOf(), call, options);
  }

  /** Gets an access token for a page: it begins one web call, once, within 30 seconds. */
  createWeb(call: NewWebCall, options: RequestOptions = {}): Promise<WebCallAccess> {
    return this.post("/v1/web-calls", call, options);
  }

  /** Places a phone call. One that can't be connected comes back as ended, with `endReason` and `error`. */
  place(call: NewPhoneCall, options: RequestOptions = {}): Promise<Call> {
    return this.post(this.pathOf(), { ...call, type: "phone" }, options);
  }

  /** Hangs up a live call. */
  end(callId: string, options: RequestOptions = {}): Promise<Call> {
    return this.post(this.pathOf(callId, "end"), undefined, options);
  }

  /** Takes a call that is over off every list, and deletes its recording for good. */
  delete(callId: string, options: RequestOptions = {}): Promise<void> {
    return this.remove(this.pathOf(callId), options);
  }

  /** Has the agent say a text at once; what it was saying is cut off. */
  say(callId: string, say: requests["schemas"]["Say"], options: RequestOptions = {}): Promise<void> {
    return this.#order(callId, "say", say, options);
  }

  /** Tells the language model something that the caller doesn't hear. */
  injectContext(
    callId: string,
    context: requests["schemas"]["InjectContext"],
    options: RequestOptions = {},
  ): Promise<void> {
    return this.#order(callId, "context", context, options);
  }

  /** A muted agent listens, and says nothing but what it is told to say. */
  mute(callId: string, isMuted: boolean, options: RequestOptions = {}): Promise<void> {
    return this.#order(callId, "mute", { isMuted }, options);
  }

  /** Hands the caller over to a phone number or a SIP address. */
  transfer(callId: string, transfer: requests["schemas"]["Transfer"], options: RequestOptions = {}): Promise<void> {
    return this.#order(callId, "transfer", transfer, options);
  }

  /** Every fact of the call so far, in order. */
  journal(callId: string, options: RequestOptions = {}): Promise<{ readonly data: readonly JournalEntry[] }> {
    return this.transport.json({ ...options, path: this.pathOf(callId, "journal") });
  }

  /** Two tracks, the caller left and the agent right: WAV of 16 kHz, or Opus in Ogg as the agent's settings say. */
  recording(callId: string, options: RequestOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.transport.bytes({ ...options, path: this.pathOf(callId, "recording") });
  }

  /** A URL of the recording that needs no key, for `expiresInS` seconds: 1 to 604,800, default 3600. */
  linkRecording(
    callId: string,
    query: { readonly expiresInS?: number | undefined } = {},
    options: RequestOptions = {},
  ): Promise<RecordingLink> {
    const path = this.pathOf(callId, "recording", "link");
    return this.transport.json({ ...options, method: "POST", isHarmless: true, path, query });
  }

  /** Deletes the recording for good; the call and its transcript stay. */
  deleteRecording(callId: string, options: RequestOptions = {}): Promise<void> {
    return this.remove(this.pathOf(callId, "recording"), options);
  }

  /** Has nothing kept of what is said in a live call from now on. */
  pauseRecording(callId: string, options: RequestOptions = {}): Promise<void> {
    return this.#orderRecording(callId, "pause", options);
  }

  /** Records again what was paused. */
  resumeRecording(callId: string, options: RequestOptions = {}): Promise<void> {
    return this.#orderRecording(callId, "resume", options);
  }

  /**
   * Holds a recorded call again with another agent or version (default: the working version of its own agent) and
   * compares. Tools are never run again; language models take their time for what they weren't asked then.
   */
  replay(callId: string, replay: NewReplay = {}, options: RequestOptions = {}): Promise<Replay> {
    return this.transport.json({
      ...options,
      method: "POST",
      isHarmless: true,
      path: this.pathOf(callId, "replays"),
      body: { json: replay },
    });
  }

  /** The call as one file, without secrets: for `importFile`, or for a bug report. */
  exportFile(callId: string, what: CallExport = {}, options: RequestOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.transport.bytes({ ...options, path: this.pathOf(callId, "export"), query: { ...what } });
  }

  /** Makes a call that is over of a file that `exportFile` gave; it says `importedFrom`. */
  importFile(file: Uint8Array<ArrayBuffer>, options: RequestOptions = {}): Promise<Call> {
    const body = { bytes: file, contentType: "application/gzip" };
    return this.transport.json({ ...options, method: "POST", path: this.pathOf("import"), body });
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

  #orderRecording(callId: string, verb: "pause" | "resume", options: RequestOptions): Promise<void> {
    return this.transport.nothing({ ...options, method: "POST", path: this.pathOf(callId, "recording", verb) });
  }

  #order(callId: string, verb: string, json: object, options: RequestOptions): Promise<void> {
    return this.transport.nothing({ ...options, method: "POST", path: this.pathOf(callId, verb), body: { json } });
  }
}
