/** How long what is still on its way after a clear may come: the browser's jitter buffer and the network. */
const CLEAR_S = 0.15;
const FADE_S = 0.005;

/** The agent's voice as a WebRTC connection brings it, in the page's own sound. */
export class StreamVoice {
  readonly #context: AudioContext;
  readonly #gate: GainNode;
  /** Chromium lets a remote stream flow only where an element plays it; this one is never heard. */
  readonly #pull = new Audio();
  #source: MediaStreamAudioSourceNode | undefined;

  constructor(context: AudioContext, into: AudioNode) {
    this.#context = context;
    this.#gate = context.createGain();
    this.#gate.connect(into);
    this.#pull.muted = true;
  }

  play(voice: MediaStream): void {
    this.#source?.disconnect();
    this.#pull.srcObject = voice;
    this.#pull.play().catch(() => undefined);
    this.#source = this.#context.createMediaStreamSource(voice);
    this.#source.connect(this.#gate);
  }

  /** Silent for as long as old sound may still arrive. */
  clear(): void {
    const now = this.#context.currentTime;
    const { gain } = this.#gate;
    gain.cancelScheduledValues(now);
    gain.setValueAtTime(gain.value, now);
    gain.linearRampToValueAtTime(0, now + FADE_S);
    gain.setValueAtTime(0, now + CLEAR_S);
    gain.linearRampToValueAtTime(1, now + CLEAR_S + FADE_S);
  }

  close(): void {
    this.#source?.disconnect();
    this.#pull.srcObject = null;
  }
}
