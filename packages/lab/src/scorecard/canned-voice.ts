import type { SpeakRequest, SpeechChunk, TextToSpeech, Voice } from "@earshot/engine";

/** The agent's voice: what it has said once it says at once, so that no synthesis is in the figures. */
export class CannedVoice implements TextToSpeech {
  readonly name = "scorecard/canned-voice";
  readonly #textToSpeech: TextToSpeech;
  readonly #spoken = new Map<string, readonly SpeechChunk[]>();

  constructor(textToSpeech: TextToSpeech) {
    this.#textToSpeech = textToSpeech;
  }

  voices(): readonly Voice[] {
    return this.#textToSpeech.voices();
  }

  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    const key = JSON.stringify(request);
    const chunks = this.#spoken.get(key) ?? (await this.#synthesise(request, signal));
    if (signal.aborted) return;
    this.#spoken.set(key, chunks);
    for (const chunk of chunks) yield { ...chunk, samples: chunk.samples.slice() };
  }

  async #synthesise(request: SpeakRequest, signal: AbortSignal): Promise<readonly SpeechChunk[]> {
    const chunks: SpeechChunk[] = [];
    for await (const chunk of this.#textToSpeech.speak(request, signal)) chunks.push(chunk);
    return chunks;
  }
}
