import type { Embedder } from "@earshot/engine";
import type { RequestClient } from "../speaking/request-client.ts";
import { EMBEDDING_DIMENSIONS } from "./embedding-size.ts";

/** Sentence vectors by the worker that `requests` reach. The model is loaded at the first use (about half a second). */
export class RemoteEmbedder implements Embedder {
  readonly name = "embedded/universal-sentence-encoder-lite";
  readonly dimensions = EMBEDDING_DIMENSIONS;
  readonly #requests: RequestClient;

  constructor(requests: RequestClient) {
    this.#requests = requests;
  }

  /** @throws Error when the model fails or the worker is lost; the signal's reason when it aborts */
  async embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
    const vectors: Float32Array[] = [];
    for await (const report of this.#requests.send({ type: "embed", texts }, signal)) {
      if (report.type === "failed") throw new Error(`The texts could not be embedded: ${report.reason}.`);
      if (report.type === "vectors") vectors.push(...report.vectors);
    }
    signal?.throwIfAborted();
    return vectors;
  }
}
