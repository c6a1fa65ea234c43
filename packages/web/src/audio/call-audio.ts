import { browserScheduler } from "../connection/scheduler.ts";
import { WIRE_RATE_HZ } from "./audio-format.ts";
import { toLevel } from "./frame-cutter.ts";
import { MicrophoneError, openMicrophone, stopTracks } from "./microphone.ts";
import type { PlaybackOrder } from "./playback-worklet.ts";
import { startSound } from "./start-sound.ts";
import { StreamVoice } from "./stream-voice.ts";

export interface CallAudioHandlers {
  /** 20 ms of microphone at 16 kHz, 50 times a second, silence while muted or without a microphone. */
  readonly onFrame: (frame: Int16Array<ArrayBuffer>) => void;
  /** Agent samples given to `play` that were heard since the call began. */
  readonly onPlayed: (samples: number) => void;
  /** The device is gone; `chooseMicrophone` brings another. */
  readonly onMicrophoneLost: () => void;
}

export type CallAudioOptions = {
  /** URLs of the sound modules. */
  readonly worklets: { readonly capture: string; readonly playback: string };
  readonly microphoneId?: string | undefined;
  readonly speakerId?: string | undefined;
  /** Sees what is heard and played, for recordings and meters of the page's own. */
  readonly tap?: ((nodes: TappedNodes) => Promise<void>) | undefined;
};

export type TappedNodes = {
  readonly context: AudioContext;
  readonly microphone: AudioNode;
  readonly agent: AudioNode;
};

/** Microphone and loudspeaker of one call. */
export class CallAudio {
  readonly #context: AudioContext;
  readonly #capture: AudioWorkletNode;
  readonly #playback: AudioWorkletNode;
  /** What the socket brings and what WebRTC brings come together here. */
  readonly #loudness: GainNode;
  readonly #meter: AnalyserNode;
  readonly #voice: StreamVoice;
  readonly #handlers: CallAudioHandlers;
  #source: MediaStreamAudioSourceNode;
  #stream: MediaStream;
  #level = 0;
  #isMuted = false;

  /** Asks for the microphone and starts. Throws MicrophoneError. */
  static async open(handlers: CallAudioHandlers, options: CallAudioOptions): Promise<CallAudio> {
    const stream = await openMicrophone(options.microphoneId);
    try {
      const { context, source } = openContext(stream);
      await addWorklets(context, options.worklets);
      await startSound(context, browserScheduler);
      const audio = new CallAudio({ context, source, stream, handlers });
      if (options.speakerId !== undefined) await audio.chooseSpeaker(options.speakerId);
      await options.tap?.({ context, microphone: source, agent: audio.#loudness });
      return audio;
    } catch (cause) {
      stopTracks(stream);
      throw cause;
    }
  }

  private constructor(parts: {
    context: AudioContext;
    source: MediaStreamAudioSourceNode;
    stream: MediaStream;
    handlers: CallAudioHandlers;
  }) {
    const { context, handlers } = parts;
    this.#context = context;
    this.#handlers = handlers;
    this.#source = parts.source;
    this.#stream = parts.stream;
    this.#capture = new AudioWorkletNode(context, "earshot-capture", MONO);
    this.#playback = new AudioWorkletNode(context, "earshot-playback", { ...MONO, numberOfInputs: 0 });
    this.#capture.port.onmessage = ({ data }: MessageEvent<Int16Array<ArrayBuffer>>) => this.#send(data);
    this.#playback.port.onmessage = ({ data }: MessageEvent<number>) => handlers.onPlayed(data);
    // The capture node's output is silence; being connected keeps it running without a microphone.
    this.#source.connect(this.#capture).connect(context.destination);
    this.#loudness = context.createGain();
    this.#meter = context.createAnalyser();
    this.#meter.fftSize = 512;
    this.#playback.connect(this.#loudness).connect(this.#meter).connect(context.destination);
    this.#voice = new StreamVoice(context, this.#loudness);
    this.#watch(parts.stream);
  }

  /** Loudness of the microphone for a meter, 0 to 1. */
  get level(): number {
    return this.#level;
  }

  /** Loudness of the agent, 0 to 1. */
  get agentLevel(): number {
    const samples = new Float32Array(this.#meter.fftSize);
    this.#meter.getFloatTimeDomainData(samples);
    return toLevel(Int16Array.from(samples, (value) => value * 32_767));
  }

  get microphone(): MediaStream {
    return this.#stream;
  }

  play(samples: Int16Array<ArrayBuffer>): void {
    this.#playback.port.postMessage(samples satisfies PlaybackOrder, [samples.buffer]);
  }

  /** Plays what a WebRTC connection brings, in place of any such before. */
  playStream(voice: MediaStream): void {
    this.#voice.play(voice);
  }

  /** Drops what has not been heard; `onPlayed` follows. */
  clear(): void {
    this.#playback.port.postMessage("clear" satisfies PlaybackOrder);
    this.#voice.clear();
  }

  /** Lowers the agent's voice while it is open whether the caller interrupts. */
  setDucked(isDucked: boolean): void {
    this.#loudness.gain.setTargetAtTime(isDucked ? DUCKED_GAIN : 1, this.#context.currentTime, DUCK_TIME_CONSTANT_S);
  }

  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    for (const track of this.#stream.getAudioTracks()) track.enabled = !isMuted;
  }

  /** Another microphone; without an id the browser chooses. Throws MicrophoneError. */
  async chooseMicrophone(deviceId?: string): Promise<void> {
    const stream = await openMicrophone(deviceId);
    if (this.#context.state === "closed") return stopTracks(stream);
    this.#source.disconnect();
    stopTracks(this.#stream);
    this.#stream = stream;
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#capture);
    this.setMuted(this.#isMuted);
    this.#watch(stream);
  }

  /** Another loudspeaker. False where the browser can't choose one, or has none of that id. */
  async chooseSpeaker(deviceId: string): Promise<boolean> {
    const context = this.#context as AudioContext & { setSinkId?: (id: string) => Promise<void> };
    if (context.setSinkId === undefined) return false;
    return context.setSinkId(deviceId).then(
      () => true,
      () => false,
    );
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#capture.port.onmessage = null;
    this.#playback.port.onmessage = null;
    this.#voice.close();
    stopTracks(this.#stream);
    if (this.#context.state !== "closed") await this.#context.close();
  }

  #send(frame: Int16Array<ArrayBuffer>): void {
    if (this.#isMuted) frame.fill(0);
    this.#level = toLevel(frame);
    this.#handlers.onFrame(frame);
  }

  #watch(stream: MediaStream): void {
    for (const track of stream.getAudioTracks())
      track.addEventListener("ended", () => {
        if (stream === this.#stream) this.#handlers.onMicrophoneLost();
      });
  }
}

/** -18 dB. */
const DUCKED_GAIN = 0.126;
const DUCK_TIME_CONSTANT_S = 0.015;

const MONO: AudioWorkletNodeOptions = {
  numberOfInputs: 1,
  numberOfOutputs: 1,
  outputChannelCount: [1],
  channelCount: 1,
  channelCountMode: "explicit",
};

/** Firefox connects a microphone only to a context of the device's own rate; the worklets resample then. */
function openContext(stream: MediaStream): { context: AudioContext; source: MediaStreamAudioSourceNode } {
  const context = new AudioContext({ sampleRate: WIRE_RATE_HZ, latencyHint: "interactive" });
  try {
    return { context, source: context.createMediaStreamSource(stream) };
  } catch {
    void context.close();
    const ownRate = new AudioContext({ latencyHint: "interactive" });
    return { context: ownRate, source: ownRate.createMediaStreamSource(stream) };
  }
}

async function addWorklets(context: AudioContext, { capture, playback }: CallAudioOptions["worklets"]): Promise<void> {
  try {
    await Promise.all([capture, playback].map((url) => context.audioWorklet.addModule(url)));
  } catch (cause) {
    await context.close();
    throw new MicrophoneError("no-sound-modules", { cause });
  }
}
