import type { Embedder } from "@earshot/engine";

/** Some 2 kB each. Beyond it the oldest are forgotten, and embedded again when they are needed. */
const MAX_VECTORS = 4_000;

/** Embeds a text once: an agent's facts are the same in every turn of every call. */
export function rememberVectors(embedder: Embedder, maxVectors = MAX_VECTORS): Embedder {
  const known = new Map<string, Float32Array>();
  return {
    name: embedder.name,
    dimensions: embedder.dimensions,
    async embed(texts, signal) {
      const missing = [...new Set(texts)].filter((text) => !known.has(text));
      const remembered = new Map(texts.map((text) => [text, known.get(text)]));
      const made = missing.length === 0 ? [] : await embedder.embed(missing, signal);
      const fresh = new Map(missing.map((text, index) => [text, made[index]]));
      for (const [text, vector] of fresh) if (vector !== undefined) known.set(text, vector);
      for (const text of known.keys()) {
        if (known.size <= maxVectors) break;
        known.delete(text);
      }
      return texts.map((text) => {
        const vector = remembered.get(text) ?? fresh.get(text);
        if (vector === undefined) throw new Error(`${embedder.name} gave fewer vectors than texts`);
        return vector;
      });
    },
  };
}
