/** Turns sentences into vectors whose cosine says how alike they are in meaning. */
export interface Embedder {
  readonly name: string;
  readonly dimensions: number;
  /** One unit-length vector per text, in order. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]>;
}
