import type { CallAudio, CallAudioHandlers } from "./audio/call-audio.ts";
import { MicrophoneError } from "./audio/microphone.ts";
import type { GivesAccess } from "./call-access.ts";
import { foldCaptions, NO_CAPTIONS } from "./captions/captions.ts";
import type { JournalEntry } from "./captions/journal-entry.ts";
import { toEvents } from "./captions/to-events.ts";
import type { CallPeer, CallPeerOptions } from "./connection/call-peer.ts";
import type { CallSocket, CallSocketHandlers, CallSocketState } from "./connection/call-socket.ts";
import type { Scheduler } from "./connection/scheduler.ts";
import { Listeners } from "./listeners.ts";
import type { WebCallError, WebCallEvents, WebCallState } from "./web-call-events.ts";

type LiveAudio = Pick<
  CallAudio,
  | "level"
  | "agentLevel"
  | "microphone"
  | "play"
  | "playStream"
  | "clear"
  | "setDucked"
  | "setMuted"
  | "chooseMicrophone"
  | "chooseSpeaker"
  | "close"
>;
type LiveSocket = Pick<
  CallSocket,
  "open" | "sendAudio" | "reportPlayed" | "pressDigit" | "sendOffer" | "sendCandidate" | "hangUp" | "close"
>;
type LivePeer = Pick<CallPeer, "start" | "accept" | "replaceMicrophone" | "close">;

/** The outside of a call; a page has the browser's, a test its own. */
export interface CallSurroundings {
  openAudio(handlers: CallAudioHandlers): Promise<LiveAudio>;
  openSocket(socketUrl: string, handlers: CallSocketHandlers): LiveSocket;
  /** Absent where the browser has no WebRTC, or is not to use it. */
  openPeer?(options: Omit<CallPeerOptions, "createConnection">): LivePeer;
  toSocketUrl(access: GivesAccess): Promise<string>;
  readonly scheduler: Scheduler;
}

const VOLUME_EVERY_MS = 50;

/** One call from a page: microphone, loudspeaker and connection brought together. Used once. */
export class WebCall {
  readonly #outside: CallSurroundings;
  readonly #listeners = new Listeners<WebCallEvents>();
  #state: WebCallState = { phase: "idle", microphone: "on", media: "websocket", captions: NO_CAPTIONS };
  #audio: LiveAudio | undefined;
  #socket: LiveSocket | undefined;
  #peer: LivePeer | undefined;
  #hasBeenOpen = false;
  #lastSeq = 0;

  constructor(outside: CallSurroundings) {
    this.#outside = outside;
  }

  get state(): WebCallState {
    return this.#state;
  }

  /** Loudness of the microphone, 0 to 1. */
  get level(): number {
    return this.#state.microphone === "lost" ? 0 : (this.#audio?.level ?? 0);
  }

  /** Calls back at each such event; the returned function stops that. */
  on<Name extends keyof WebCallEvents>(name: Name, listener: (detail: WebCallEvents[Name]) => void): () => void {
    return this.#listeners.on(name, listener);
  }

  off<Name extends keyof WebCallEvents>(name: Name, listener: (detail: WebCallEvents[Name]) => void): void {
    this.#listeners.off(name, listener);
  }

  /**
   * Asks for the microphone, then for access, then begins. Never rejects: what goes wrong is in the state and told by
   * `error`.
   */
  async start(access: GivesAccess): Promise<void> {
    if (this.#state.phase !== "idle") return;
    this.#set({ phase: "asking-microphone" });
    try {
      const audio = await this.#outside.openAudio({
        onFrame: (frame) => this.#sendFrame(frame),
        onPlayed: (samples) => this.#socket?.reportPlayed(samples),
        onMicrophoneLost: () => this.#loseMicrophone(),
      });
      this.#audio = audio;
      if (this.#isOver) return await audio.close();
      this.#set({ phase: "connecting" });
      const socketUrl = await this.#outside.toSocketUrl(access);
      if (this.#isOver) return;
      this.#socket = this.#outside.openSocket(socketUrl, this.#socketHandlers());
      this.#socket.open();
    } catch (cause) {
      await this.#audio?.close();
      if (!this.#isOver) this.#fail(toCallError(cause));
    }
  }

  /** Hangs up. Idempotent. */
  stop(): void {
    if (this.#isOver) return;
    if (this.#socket === undefined) this.#end("caller-hung-up");
    else this.#socket.hangUp();
  }

  setMuted(isMuted: boolean): void {
    if (this.#state.microphone === "lost") return;
    this.#audio?.setMuted(isMuted);
    this.#set({ microphone: isMuted ? "muted" : "on" });
  }

  /** False when the connection is lost just now. @param digit 0-9, * or # */
  sendDigit(digit: string): boolean {
    return this.#socket?.pressDigit(digit) === true;
  }

  /** Another microphone, or after one was unplugged whichever there is. @throws MicrophoneError */
  async chooseMicrophone(deviceId?: string): Promise<void> {
    const audio = this.#audio;
    if (audio === undefined) return;
    await audio.chooseMicrophone(deviceId);
    await this.#peer?.replaceMicrophone(audio.microphone);
    audio.setMuted(this.#state.microphone === "muted");
    if (this.#state.microphone === "lost") this.#set({ microphone: "on" });
  }

  /** Another loudspeaker. False where the browser can't choose one. */
  async chooseSpeaker(deviceId: string): Promise<boolean> {
    return (await this.#audio?.chooseSpeaker(deviceId)) ?? false;
  }

  #sendFrame(frame: Int16Array<ArrayBuffer>): void {
    if (this.#state.media === "websocket") this.#socket?.sendAudio(frame);
  }

  #socketHandlers(): CallSocketHandlers {
    return {
      onState: (state) => this.#follow(state),
      onGreeted: ({ callId, iceServers }) => this.#begin(callId, iceServers),
      onAnswer: (sdp) => void this.#peer?.accept(sdp),
      onMedia: (media) => {
        if (media === this.#state.media) return;
        this.#set({ media });
        this.#listeners.tell("media", media);
      },
      onAudio: (samples) => this.#audio?.play(samples),
      onClear: () => this.#audio?.clear(),
      onDuck: (isDucked) => this.#audio?.setDucked(isDucked),
      onEntry: (entry) => this.#take(entry),
      onProblem: (code, message) => this.#listeners.tell("error", { code, title: message, fix: "" }),
    };
  }

  #begin(callId: string, iceServers: readonly RTCIceServer[] | undefined): void {
    const isFirst = this.#state.callId === undefined;
    this.#set({ callId });
    if (isFirst) {
      this.#listeners.tell("call-start", { callId });
      this.#tellVolume();
    }
    if (iceServers !== undefined && this.#peer === undefined) this.#openPeer(iceServers);
  }

  #openPeer(iceServers: readonly RTCIceServer[]): void {
    const [audio, socket] = [this.#audio, this.#socket];
    if (this.#outside.openPeer === undefined || audio === undefined || socket === undefined) return;
    this.#peer = this.#outside.openPeer({
      iceServers,
      microphone: audio.microphone,
      sendOffer: (sdp) => socket.sendOffer(sdp),
      sendCandidate: (candidate) => socket.sendCandidate(candidate),
      onVoice: (voice) => audio.playStream(voice),
      onFailed: () => {
        this.#peer = undefined;
      },
    });
    void this.#peer.start();
  }

  /** After a lost connection entries may come again. */
  #take(entry: JournalEntry): void {
    if (entry.seq <= this.#lastSeq) return;
    this.#lastSeq = entry.seq;
    const captions = foldCaptions(this.#state.captions, entry);
    const hasChanged = captions !== this.#state.captions;
    if (hasChanged) this.#set({ captions });
    this.#listeners.tell("message", entry);
    for (const [name, detail] of toEvents(entry, captions)) this.#listeners.tell(name, detail as never);
    if (hasChanged) this.#listeners.tell("update", captions);
  }

  #follow(state: CallSocketState): void {
    switch (state.name) {
      case "connecting":
        return;
      case "open":
        this.#set({ phase: "talking" });
        if (this.#hasBeenOpen) this.#listeners.tell("reconnected", undefined);
        this.#hasBeenOpen = true;
        return;
      case "reconnecting":
        this.#set({ phase: "reconnecting" });
        this.#listeners.tell("reconnecting", undefined);
        return;
      case "closed":
        this.#end(state.reason);
    }
  }

  #loseMicrophone(): void {
    this.#set({ microphone: "lost" });
    this.#listeners.tell("microphone-lost", undefined);
  }

  #tellVolume(): void {
    if (this.#isOver) return;
    if (this.#listeners.has("volume-level")) this.#listeners.tell("volume-level", this.#audio?.agentLevel ?? 0);
    this.#outside.scheduler.after(VOLUME_EVERY_MS, () => this.#tellVolume());
  }

  #end(endReason: string): void {
    const { callId } = this.#state;
    this.#release();
    this.#set({ phase: "ended", endReason });
    this.#listeners.tell("call-end", { callId, reason: endReason });
  }

  #fail(failure: WebCallError): void {
    this.#release();
    this.#set({ phase: "failed", failure });
    this.#listeners.tell("error", failure);
  }

  #release(): void {
    this.#peer?.close();
    this.#peer = undefined;
    this.#audio?.close().catch(() => undefined);
  }

  get #isOver(): boolean {
    return this.#state.phase === "ended" || this.#state.phase === "failed";
  }

  #set(change: Partial<WebCallState>): void {
    this.#state = { ...this.#state, ...change };
    this.#listeners.tell("state", this.#state);
  }
}

function toCallError(cause: unknown): WebCallError {
  if (cause instanceof MicrophoneError) return { code: cause.problem, title: cause.title, fix: cause.fix };
  const fix = cause instanceof Error ? cause.message : String(cause);
  return { code: "not_started", title: "The call could not be started.", fix, cause };
}
