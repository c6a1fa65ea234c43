import { z } from "zod";
import { AppError, invalidField } from "../../app-error.ts";
import { type DialectApp, type DialectDeps, parseBody } from "../kit/open-dialect.ts";
import { toTokens } from "./chat/chat-reply.ts";

const MAX_INPUTS = 256;
const inputText = z.string().min(1).max(32_000);

const embeddingsShape = z.looseObject({
  model: z.string().max(200).nullish(),
  input: z.union(
    [inputText.transform((one) => [one]), z.array(inputText).min(1).max(MAX_INPUTS)],
    `must be text, or 1 to ${MAX_INPUTS} texts; tokens aren't understood here`,
  ),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.number().int().min(1).nullish(),
});

/** The node's own sentence embedder answers for every model. */
export function addEmbeddingRoutes(app: DialectApp, prefix: string, { embedder }: DialectDeps): void {
  app.post(`${prefix}/embeddings`, async (c) => {
    if (embedder === undefined) throw new AppError("not_supported", "there is no embedding model on this server");
    const { input, encoding_format: format, dimensions } = await parseBody(c, embeddingsShape);
    if (dimensions !== undefined && dimensions !== null && dimensions !== embedder.dimensions)
      throw invalidField("dimensions", `must be ${embedder.dimensions}, or be left out`);
    const vectors = await embedder.embed(input, c.req.raw.signal).catch((error: unknown) => {
      throw new AppError("model_failed", `${embedder.name} failed`, { cause: error });
    });
    const data = vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: format === "base64" ? toBase64(vector) : [...vector],
    }));
    const tokens = toTokens(input.reduce((sum, { length }) => sum + length, 0));
    return c.json({
      object: "list",
      data,
      model: embedder.name,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
  });
}

/** 32-bit floats, little-endian. */
function toBase64(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString("base64");
}
