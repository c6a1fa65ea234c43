import { parseWav, type Samples, toEngineRate } from "@earshot/engine";
import type { Earshot } from "@earshot/sdk";
import { Random, seedFrom } from "../random.ts";
import { SPEECH_DBFS } from "../sound/caller-line.ts";
import { hum } from "../sound/hum.ts";
import { toSpeechLevel } from "../sound/samples.ts";
import { trimSilence } from "../sound/trim-silence.ts";
import { changeVoice } from "../sound/voice.ts";

const TIMEOUT_MS = 120_000;
/** Synthesisers spell it out, so it is hummed. */
const HUMMED = /^(m+-?h+m+|h+m+|m{2,})[.,!?…]*$/i;
const HUM_HZ = 150;

export type CallerVoiceOptions = {
  /** A voice of GET /v1/voices. Default: the server's. */
  readonly voiceId?: string | undefined;
  /** 0.5 to 2. */
  readonly speed?: number;
  /** 0.6 to 1.6. */
  readonly pitch?: number;
};

/** A person's voice, made from one of the server's: every text is synthesised once. */
export class CallerVoice {
  readonly #client: Earshot;
  readonly #options: CallerVoiceOptions;
  readonly #spoken = new Map<string, Promise<Samples>>();

  constructor(client: Earshot, options: CallerVoiceOptions = {}) {
    this.#client = client;
    this.#options = options;
  }

  /** 16 kHz from the first sound to the last, at the level of every caller. @throws EarshotError */
  speak(text: string): Promise<Samples> {
    const spoken = this.#spoken.get(text) ?? this.#synthesise(text);
    this.#spoken.set(text, spoken);
    return spoken;
  }

  async #synthesise(text: string): Promise<Samples> {
    const { voiceId, speed = 1, pitch = 1 } = this.#options;
    if (HUMMED.test(text.trim())) return hum(new Random(seedFrom(1, text)), HUM_HZ * pitch);
    // What resampling will do to the length, the synthesiser makes up for: it stretches better than we do.
    const askedSpeed = Math.min(2, Math.max(0.5, speed / pitch));
    const request = { text, speed: askedSpeed, ...(voiceId === undefined ? {} : { voiceId }) };
    const wav = await this.#client.speech.create(request, { timeoutMs: TIMEOUT_MS });
    const samples = changeVoice(toEngineRate(parseWav(wav)), { speed: speed / askedSpeed, pitch });
    return toSpeechLevel(trimSilence(samples), SPEECH_DBFS);
  }
}
