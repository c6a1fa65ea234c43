import { describe, expect, it } from "vitest";
import { rememberVectors } from "./remembering-embedder.ts";

function countingEmbedder() {
  const asked: string[][] = [];
  return {
    asked,
    name: "test",
    dimensions: 1,
    embed: async (texts: readonly string[]) => {
      asked.push([...texts]);
      return texts.map((text) => new Float32Array([text.length]));
    },
  };
}

describe("an embedder that remembers", () => {
  it("asks for each text once and gives the vectors in the order of the texts", async () => {
    const inner = countingEmbedder();
    const embedder = rememberVectors(inner);
    await embedder.embed(["a", "bb"]);
    const vectors = await embedder.embed(["ccc", "bb", "a", "ccc"]);
    expect(vectors.map((vector) => vector[0])).toEqual([3, 2, 1, 3]);
    expect(inner.asked).toEqual([["a", "bb"], ["ccc"]]);
  });

  it("forgets the oldest vectors beyond its limit", async () => {
    const inner = countingEmbedder();
    const embedder = rememberVectors(inner, 2);
    await embedder.embed(["a", "bb", "ccc"]);
    expect((await embedder.embed(["a", "bb", "ccc"])).map((vector) => vector[0])).toEqual([1, 2, 3]);
    expect(inner.asked.at(-1)).toEqual(["a"]);
  });

  it("asks again for what failed", async () => {
    const inner = countingEmbedder();
    const embedder = rememberVectors({ ...inner, embed: () => Promise.reject(new Error("lost")) });
    await expect(embedder.embed(["a"])).rejects.toThrow("lost");
    await expect(embedder.embed(["a"])).rejects.toThrow("lost");
  });
});
