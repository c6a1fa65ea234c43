import type { Clock } from "../../clock.ts";
import { FRAME_SAMPLES } from "../../codecs/audio-codec.ts";
import type { MediaAgreement } from "../../sdp/media-agreement.ts";
import { FrameTicker } from "../frame-ticker.ts";
import { MediaSession, type MediaSessionOptions } from "../media-session.ts";
import type { MediaTransport } from "../media-transport.ts";
import type { OpenedPeer } from "../web-rtc/open-peer.ts";
import type { FromMediaThread, SessionSettings, ToMediaThread } from "./media-messages.ts";

const STATISTICS_MS = 1000;

export type MediaDeskOptions = {
  readonly clock: Clock;
  readonly openTransport: () => Promise<MediaTransport>;
  /** Answers a browser's offer; absent: none is answered. */
  readonly openPeer?: (offer: string) => Promise<OpenedPeer>;
  readonly post: (message: FromMediaThread, transfer: ArrayBuffer[]) => void;
  /** Runs soon, when what is at work now is done. */
  readonly defer: (run: () => void) => void;
};

type Starting = {
  readonly id: number;
  readonly agreement: MediaAgreement;
  readonly settings: SessionSettings & Pick<MediaSessionOptions, "ssrc">;
};

type Desk = { transport: MediaTransport; session: MediaSession | undefined; accepted: number; cancel: () => void };

/** The thread's side: keeps its sessions by number and does what it is told. What fails ends that one session. */
export class MediaDesk {
  readonly #options: MediaDeskOptions;
  readonly #ticker: FrameTicker;
  readonly #sessions = new Map<number, Desk>();
  #ids: number[] = [];
  #hasSound: boolean[] = [];
  #sent: number[] = [];
  #gone: number[] = [];
  #samples = new Int16Array(64 * FRAME_SAMPLES);

  constructor(options: MediaDeskOptions) {
    this.#options = options;
    this.#ticker = new FrameTicker(options.clock);
  }

  async handle(message: ToMediaThread): Promise<void> {
    if (message.kind === "send") {
      this.#send(message.ids, message.samples);
      return;
    }
    const { id } = message;
    try {
      if (message.kind === "open") await this.#open(id);
      else if (message.kind === "meet") await this.#meet(message);
      else this.#order(message);
    } catch (error) {
      const { code = "internal", message: text = String(error) } = error as { code?: string; message?: string };
      this.#close(id);
      this.#options.post({ kind: "failed", id, code, message: text }, []);
    }
  }

  #order(message: Exclude<ToMediaThread, { kind: "send" | "open" | "meet" }>): void {
    const desk = this.#sessions.get(message.id);
    switch (message.kind) {
      case "start":
        if (desk) this.#start(desk, message);
        return;
      case "update":
        desk?.session?.update(message.agreement);
        return;
      case "clear":
        desk?.session?.clear();
        return;
      case "clear-digits":
        desk?.session?.clearDigits();
        return;
      case "gain":
        desk?.session?.setGain(message.gain);
        return;
      case "digits":
        if (desk?.session) sendDigits(desk.session, message);
        return;
      case "close":
        this.#close(message.id);
        return;
    }
  }

  async #open(id: number): Promise<void> {
    const transport = await this.#options.openTransport();
    this.#sessions.set(id, { transport, session: undefined, accepted: 0, cancel: () => {} });
    this.#options.post({ kind: "opened", id, rtpPort: transport.rtpPort }, []);
  }

  async #meet({ id, offer, settings }: Extract<ToMediaThread, { kind: "meet" }>): Promise<void> {
    const { openPeer, post } = this.#options;
    if (openPeer === undefined) throw new TypeError("There is no WebRTC in this thread.");
    const { answer, transport, ssrc, connected } = await openPeer(offer);
    const desk: Desk = { transport, session: undefined, accepted: 0, cancel: () => {} };
    this.#sessions.set(id, desk);
    post({ kind: "answered", id, answer }, []);
    const agreement = await connected;
    if (this.#sessions.get(id) !== desk) return;
    this.#start(desk, { id, agreement, settings: { ...settings, ssrc } });
    post({ kind: "notice", id, notice: "connected" }, []);
  }

  #start(desk: Desk, { id, agreement, settings }: Starting): void {
    if (desk.session) return;
    const { clock, post } = this.#options;
    const session: MediaSession = new MediaSession({
      ...settings,
      clock,
      ticker: this.#ticker,
      transport: desk.transport,
      agreement,
      handlers: {
        onFrame: (frame, hasSound) => this.#gather(id, frame, hasSound),
        onDigit: (digit) => post({ kind: "digit", id, digit }, []),
        onSilent: () => post({ kind: "notice", id, notice: "silent" }, []),
        onResumed: () => post({ kind: "notice", id, notice: "resumed" }, []),
      },
    });
    desk.session = session;
    desk.cancel = clock.every(STATISTICS_MS, () => this.#tell(id, session));
  }

  #tell(id: number, session: MediaSession): void {
    this.#options.post({ kind: "statistics", id, statistics: session.statistics }, []);
  }

  #send(ids: readonly number[], samples: Int16Array): void {
    ids.forEach((id, index) => {
      const desk = this.#sessions.get(id);
      if (desk === undefined) return;
      desk.accepted++;
      desk.session?.send(samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES));
    });
  }

  /** Sessions whose turn is the same share a message. */
  #gather(id: number, frame: Int16Array, hasSound: boolean): void {
    const desk = this.#sessions.get(id);
    const session = desk?.session;
    if (!session) return;
    const at = this.#ids.length * FRAME_SAMPLES;
    if (at === 0) this.#options.defer(() => this.#flush());
    if (at === this.#samples.length) {
      const larger = new Int16Array(2 * at);
      larger.set(this.#samples);
      this.#samples = larger;
    }
    this.#samples.set(frame, at);
    this.#ids.push(id);
    this.#hasSound.push(hasSound);
    this.#sent.push(session.framesSent);
    this.#gone.push(desk.accepted - session.queuedFrames);
  }

  #flush(): void {
    const samples = this.#samples.slice(0, this.#ids.length * FRAME_SAMPLES);
    const message = { ids: this.#ids, hasSound: this.#hasSound, sent: this.#sent, gone: this.#gone, samples };
    this.#options.post({ kind: "frames", ...message }, [samples.buffer]);
    [this.#ids, this.#hasSound, this.#sent, this.#gone] = [[], [], [], []];
  }

  #close(id: number): void {
    const desk = this.#sessions.get(id);
    if (desk === undefined) return;
    this.#sessions.delete(id);
    desk.cancel();
    if (desk.session) {
      desk.session.close();
      this.#tell(id, desk.session);
    } else desk.transport.close();
  }
}

/** Its owner has checked the digits: what is left to refuse is more of them than may wait, and that ends no call. */
function sendDigits(session: MediaSession, { digits, timing }: Extract<ToMediaThread, { kind: "digits" }>): void {
  try {
    session.sendDigits(digits, timing);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
