import { writeFileSync } from "node:fs";

const EMBEDDING = 64;
const BLOCKS = 2;
const HEADS = 4;
const KEY_VALUE_HEADS = 2;
const FEED_FORWARD = 128;
const VOCABULARY = 512;
const ALIGNMENT = 32;

/**
 * Writes a GGUF file (version 3, about 440 kB) of the llama architecture with random weights: it loads and computes
 * like a real one, and says noise. Same file each time.
 */
export function writeTinyGguf(path: string): void {
  const tensors = listTensors();
  const values = metadata();
  let offset = 0;
  const infos = tensors.map(({ name, shape }) => {
    const info = Buffer.concat([text(name), uint32(shape.length), ...shape.map(uint64), uint32(0), uint64(offset)]);
    offset += align(4 * product(shape));
    return info;
  });
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    uint32(3),
    uint64(tensors.length),
    uint64(values.length),
    ...values,
    ...infos,
  ]);
  const padding = Buffer.alloc(align(head.length) - head.length);
  writeFileSync(path, Buffer.concat([head, padding, ...fillTensors(tensors)]));
}

type Tensor = { readonly name: string; readonly shape: readonly number[] };

function listTensors(): readonly Tensor[] {
  const keyValue = (KEY_VALUE_HEADS * EMBEDDING) / HEADS;
  const blocks = Array.from({ length: BLOCKS }, (_, block) => [
    { name: `blk.${block}.attn_norm.weight`, shape: [EMBEDDING] },
    { name: `blk.${block}.attn_q.weight`, shape: [EMBEDDING, EMBEDDING] },
    { name: `blk.${block}.attn_k.weight`, shape: [EMBEDDING, keyValue] },
    { name: `blk.${block}.attn_v.weight`, shape: [EMBEDDING, keyValue] },
    { name: `blk.${block}.attn_output.weight`, shape: [EMBEDDING, EMBEDDING] },
    { name: `blk.${block}.ffn_norm.weight`, shape: [EMBEDDING] },
    { name: `blk.${block}.ffn_gate.weight`, shape: [EMBEDDING, FEED_FORWARD] },
    { name: `blk.${block}.ffn_up.weight`, shape: [EMBEDDING, FEED_FORWARD] },
    { name: `blk.${block}.ffn_down.weight`, shape: [FEED_FORWARD, EMBEDDING] },
  ]);
  return [
    { name: "token_embd.weight", shape: [EMBEDDING, VOCABULARY] },
    { name: "output_norm.weight", shape: [EMBEDDING] },
    ...blocks.flat(),
  ];
}

function metadata(): readonly Buffer[] {
  const { tokens, types } = vocabulary();
  return [
    pair("general.architecture", 8, text("llama")),
    pair("general.name", 8, text("tiny")),
    pair("general.file_type", 4, uint32(0)),
    pair("llama.context_length", 4, uint32(4096)),
    pair("llama.embedding_length", 4, uint32(EMBEDDING)),
    pair("llama.block_count", 4, uint32(BLOCKS)),
    pair("llama.feed_forward_length", 4, uint32(FEED_FORWARD)),
    pair("llama.attention.head_count", 4, uint32(HEADS)),
    pair("llama.attention.head_count_kv", 4, uint32(KEY_VALUE_HEADS)),
    pair("llama.attention.layer_norm_rms_epsilon", 6, float32(1e-5)),
    pair("llama.rope.dimension_count", 4, uint32(EMBEDDING / HEADS)),
    pair("llama.rope.freq_base", 6, float32(10_000)),
    pair("llama.vocab_size", 4, uint32(VOCABULARY)),
    pair("tokenizer.ggml.model", 8, text("llama")),
    list("tokenizer.ggml.tokens", 8, tokens.map(text)),
    list(
      "tokenizer.ggml.scores",
      6,
      tokens.map((_, index) => float32(-index)),
    ),
    list("tokenizer.ggml.token_type", 5, types.map(uint32)),
    pair("tokenizer.ggml.bos_token_id", 4, uint32(1)),
    pair("tokenizer.ggml.eos_token_id", 4, uint32(2)),
  ];
}

const FIRST_WORD = 259;

/** Three special tokens, the 256 bytes, then words. */
function vocabulary(): { readonly tokens: readonly string[]; readonly types: readonly number[] } {
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  const words = Array.from({ length: VOCABULARY - FIRST_WORD }, (_, index) => `▁w${index.toString(36)}`);
  return {
    tokens: ["<unk>", "<s>", "</s>", ...bytes, ...words],
    types: [2, 3, 3, ...bytes.map(() => 6), ...words.map(() => 1)],
  };
}

function fillTensors(tensors: readonly Tensor[]): readonly Buffer[] {
  const random = makeRandom();
  return tensors.map(({ name, shape }) => {
    const floats = new Float32Array(align(4 * product(shape)) / 4);
    for (let index = 0; index < product(shape); index += 1) {
      // Words weigh more than bytes and special tokens, so that words are what it says.
      const isQuiet = name === "token_embd.weight" && index < FIRST_WORD * EMBEDDING;
      floats[index] = shape.length === 1 ? 1 : (random() - 0.5) * (isQuiet ? 0.01 : 0.2);
    }
    return Buffer.from(floats.buffer);
  });
}

/** A linear congruential generator with the constants of Numerical Recipes. */
function makeRandom(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function pair(key: string, type: number, value: Buffer): Buffer {
  return Buffer.concat([text(key), uint32(type), value]);
}

function list(key: string, type: number, values: readonly Buffer[]): Buffer {
  return Buffer.concat([text(key), uint32(9), uint32(type), uint64(values.length), ...values]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}

function align(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}
