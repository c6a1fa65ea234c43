/** The sound of a browser's call over WebRTC, beside its socket: there while packets come, away while they don't. */

import { FRAME_SAMPLES, type Samples } from "@earshot/engine";
import type { MediaStatistics, PeerHandlers, ThreadedMedia } from "@earshot/telephony";

/** What a peer connection is to a call. */
export interface Peer {
  /** SDP. */
  readonly answer: string;
  readonly media: Pick<ThreadedMedia, "send" | "clear" | "framesSent" | "queuedFrames" | "statistics" | "close">;
}

/** Answers a browser's offer (SDP). Rejects for one that can't be, and where there is no port. */
export type OpenPeer = (offer: string, handlers: PeerHandlers) => Promise<Peer>;

export type PeerSoundOptions = {
  readonly open: OpenPeer;
  /** 20 ms of the caller, every 20 ms while the peer is there. */
  readonly onFrame: (frame: Samples) => void;
  readonly onUp: () => void;
  /** Nothing comes any more. `unsent`: frames that were to be played, in order. */
  readonly onDown: (unsent: readonly Samples[]) => void;
};

/** A call that keeps making new offers is up to no good. */
const MAX_OFFERS = 20;
/** As many as the media session lets wait, 5 s. */
const MAX_KEPT_FRAMES = 250;

export class PeerSound {
  readonly #options: PeerSoundOptions;
  #peer: Peer | undefined;
  #offers = 0;
  #isUp = false;
  /** Frames given to the peer at hand that are not known to have gone out. */
  #kept: Samples[] = [];
  /** By earlier peers. */
  #sentBefore = 0;
  #statistics: MediaStatistics | undefined;
  #isClosed = false;

  constructor(options: PeerSoundOptions) {
    this.#options = options;
  }

  /** The caller is heard this way. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Samples of ours that have gone this way. */
  get played(): number {
    return (this.#sentBefore + (this.#peer?.media.framesSent ?? 0)) * FRAME_SAMPLES;
  }

  /** Of the last peer that was heard. */
  get statistics(): MediaStatistics | undefined {
    return this.#peer?.media.statistics ?? this.#statistics;
  }

  /** Takes the place of whatever peer there was. @returns our answer. @throws for an offer that can't be answered */
  async meet(offer: string): Promise<string> {
    if (++this.#offers > MAX_OFFERS) throw new RangeError(`A call may make ${MAX_OFFERS} offers.`);
    this.#leave();
    const turn = this.#offers;
    const isCurrent = () => turn === this.#offers && !this.#isClosed;
    const peer = await this.#options.open(offer, {
      onFrame: (frame, hasSound) => {
        if (isCurrent()) this.#hear(frame, hasSound);
      },
      onSilent: () => {
        if (isCurrent()) this.#goDown();
      },
      onFailed: () => {
        if (isCurrent()) this.#leave();
      },
    });
    if (!isCurrent()) peer.media.close();
    else this.#peer = peer;
    return peer.answer;
  }

  play(frame: Samples): void {
    this.#forgetSent();
    if (this.#kept.length >= MAX_KEPT_FRAMES || !this.#peer?.media.send(frame)) return;
    this.#kept.push(frame);
  }

  clear(): void {
    this.#peer?.media.clear();
    this.#kept = [];
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#leave();
  }

  #hear(frame: Int16Array, hasSound: boolean): void {
    if (!this.#isUp) {
      if (!hasSound) return;
      this.#isUp = true;
      this.#options.onUp();
    }
    this.#options.onFrame(new Int16Array(frame));
  }

  #goDown(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#forgetSent();
    const unsent = this.#kept;
    this.clear();
    this.#options.onDown(unsent);
  }

  #leave(): void {
    this.#goDown();
    const peer = this.#peer;
    if (peer === undefined) return;
    this.#statistics = peer.media.statistics ?? this.#statistics;
    this.#sentBefore += peer.media.framesSent;
    this.#peer = undefined;
    this.#kept = [];
    peer.media.close();
  }

  #forgetSent(): void {
    const waiting = this.#peer?.media.queuedFrames ?? 0;
    if (waiting < this.#kept.length) this.#kept.splice(0, this.#kept.length - waiting);
  }
}
