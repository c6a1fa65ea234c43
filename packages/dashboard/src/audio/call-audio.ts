import { WIRE_RATE_HZ } from "./audio-format.ts";
import captureWorkletUrl from "./capture-worklet.ts?worker&url";
import { toLevel } from "./frame-cutter.ts";
import { MicrophoneError, openMicrophone } from "./microphone.ts";
import type { PlaybackOrder } from "./playback-worklet.ts";
import playbackWorkletUrl from "./playback-worklet.ts?worker&url";
import { tapCall } from "./tap.ts";

export interface CallAudioHandlers {
  /** 20 ms of microphone at 16 kHz, 50 times a second, silence while muted or without a microphone. */
  readonly onFrame: (frame: Int16Array<ArrayBuffer>) => void;
  /** Agent samples heard since the call began. */
  readonly onPlayed: (samples: number) => void;
  /** The device is gone; `replaceMicrophone` brings another. */
  readonly onMicrophoneLost: () => void;
}

/** Microphone and loudspeaker of one call. */
export class CallAudio {
  readonly #context: AudioContext;
  readonly #capture: AudioWorkletNode;
  readonly #playback: AudioWorkletNode;
  readonly #loudness: GainNode;
  readonly #handlers: CallAudioHandlers;
  #source: MediaStreamAudioSourceNode;
  #stream: MediaStream;
  #level = 0;
  #isMuted = false;

  /** Asks for the microphone and starts. Throws MicrophoneError. */
  static async open(handlers: CallAudioHandlers): Promise<CallAudio> {
    const stream = await openMicrophone();
    try {
      const { context, source } = openContext(stream);
      await addWorklets(context);
      await context.resume();
      const audio = new CallAudio({ context, source, stream, handlers });
      await tapCall({ context, microphone: source, agent: audio.#playback });
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
    this.#context = parts.context;
    this.#handlers = parts.handlers;
    this.#source = parts.source;
    this.#stream = parts.stream;
    this.#capture = new AudioWorkletNode(parts.context, "earshot-capture", MONO);
    this.#playback = new AudioWorkletNode(parts.context, "earshot-playback", { ...MONO, numberOfInputs: 0 });
    this.#capture.port.onmessage = ({ data }: MessageEvent<Int16Array<ArrayBuffer>>) => this.#send(data);
    this.#playback.port.onmessage = ({ data }: MessageEvent<number>) => parts.handlers.onPlayed(data);
    // The capture node's output is silence; being connected keeps it running without a microphone.
    this.#source.connect(this.#capture).connect(parts.context.destination);
    this.#loudness = parts.context.createGain();
    this.#playback.connect(this.#loudness).connect(parts.context.destination);
    this.#watch(parts.stream);
  }

  /** Loudness of the microphone for a meter, 0 to 1. */
  get level(): number {
    return this.#level;
  }

  play(samples: Int16Array<ArrayBuffer>): void {
    this.#playback.port.postMessage(samples satisfies PlaybackOrder, [samples.buffer]);
  }

  /** Drops what has not been heard; `onPlayed` follows. */
  clear(): void {
    this.#playback.port.postMessage("clear" satisfies PlaybackOrder);
  }

  /** Lowers the agent's voice while it is open whether the caller interrupts. */
  setDucked(isDucked: boolean): void {
    this.#loudness.gain.setTargetAtTime(isDucked ? DUCKED_GAIN : 1, this.#context.currentTime, DUCK_TIME_CONSTANT_S);
  }

  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
  }

  /** Throws MicrophoneError. */
  async replaceMicrophone(): Promise<void> {
    const stream = await openMicrophone();
    if (this.#context.state === "closed") return stopTracks(stream);
    this.#source.disconnect();
    stopTracks(this.#stream);
    this.#stream = stream;
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#capture);
    this.#watch(stream);
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.#capture.port.onmessage = null;
    this.#playback.port.onmessage = null;
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

async function addWorklets(context: AudioContext): Promise<void> {
  try {
    await Promise.all([captureWorkletUrl, playbackWorkletUrl].map((url) => context.audioWorklet.addModule(url)));
  } catch (cause) {
    await context.close();
    throw new MicrophoneError("no-sound-modules", { cause });
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
