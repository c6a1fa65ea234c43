/** A speech recogniser inside its worker: whole pieces of 16 kHz audio in, words out. */
export interface Recogniser {
  readonly name: string;
  /** Careful: for the final words. */
  recognise(samples: Float32Array): Promise<string>;
  /** Quick: for words that will be replaced. */
  glance(samples: Float32Array): Promise<string>;
}
