import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Element types of ONNX (onnx.proto, TensorProto.DataType). */
const FLOAT = 1;
const INT64 = 7;

const RATE_HZ = 22_050;
const SAMPLES_PER_TOKEN = 1500;
const TONE_HZ = 440;

/**
 * Writes the smallest VITS voice that sherpa-onnx accepts: it says every letter as the same tone. For tests of the
 * loading of real voices, which are too large to keep.
 */
export async function writeToneVoice(folder: string, { speakers = 2 } = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const letters = [..."_ abcdefghijklmnopqrstuvwxyz'.,!?"];
  const tokens = letters.map((letter, id) => `${letter} ${id}\n`).join("");
  await writeFile(path.join(folder, "tokens.txt"), tokens);
  await writeFile(path.join(folder, "model.onnx"), makeToneModel(speakers));
}

function makeToneModel(speakers: number): Uint8Array {
  const nodes = [
    makeNode("Cast", ["x_length"], "count", [field(1, "to"), varintField(3, FLOAT), varintField(20, 2)]),
    makeNode("Mul", ["count", "length_scale"], "scaled"),
    makeNode("Mul", ["scaled", "samples_per_token"], "limits"),
    makeNode("Reshape", ["limits", "scalar_shape"], "limit"),
    makeNode("Range", ["zero", "limit", "one"], "times"),
    makeNode("Mul", ["times", "step"], "phases"),
    makeNode("Sin", ["phases"], "wave"),
    makeNode("Mul", ["wave", "gain"], "quiet"),
    makeNode("Unsqueeze", ["quiet", "axes"], "y"),
  ];
  const initialisers = [
    makeFloats("samples_per_token", [1], [SAMPLES_PER_TOKEN]),
    makeFloats("zero", [], [0]),
    makeFloats("one", [], [1]),
    makeFloats("step", [], [(2 * Math.PI * TONE_HZ) / RATE_HZ]),
    makeFloats("gain", [], [0.3]),
    makeIntegers("scalar_shape", []),
    makeIntegers("axes", [0, 1]),
  ];
  const inputs = [
    makeValue("x", INT64, ["batch", "length"]),
    makeValue("x_length", INT64, ["batch"]),
    makeValue("noise_scale", FLOAT, [1]),
    makeValue("length_scale", FLOAT, [1]),
    makeValue("noise_scale_w", FLOAT, [1]),
    makeValue("sid", INT64, [1]),
  ];
  const graph = [
    ...nodes.map((node) => field(1, node)),
    field(2, "tone"),
    ...initialisers.map((tensor) => field(5, tensor)),
    ...inputs.map((value) => field(11, value)),
    field(12, makeValue("y", FLOAT, [1, 1, "samples"])),
  ];
  const metadata = {
    sample_rate: String(RATE_HZ),
    n_speakers: String(speakers),
    add_blank: "0",
    language: "English",
    comment: "tone",
    frontend: "characters",
    use_eos_bos: "0",
    pad_id: "0",
    blank_id: "0",
    bos_id: "0",
    eos_id: "0",
    punctuation: ". , ! ?",
  };
  const properties = Object.entries(metadata).map(([key, value]) =>
    field(14, concat([field(1, key), field(2, value)])),
  );
  const opset = field(8, concat([field(1, ""), varintField(2, 13)]));
  return concat([varintField(1, 8), field(7, concat(graph)), opset, ...properties]);
}

function makeNode(
  operator: string,
  inputs: readonly string[],
  output: string,
  attribute?: readonly Uint8Array[],
): Uint8Array {
  return concat([
    ...inputs.map((input) => field(1, input)),
    field(2, output),
    field(4, operator),
    ...(attribute === undefined ? [] : [field(5, concat(attribute))]),
  ]);
}

function makeFloats(name: string, shape: readonly number[], values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return concat([...shape.map((size) => varintField(1, size)), varintField(2, FLOAT), field(8, name), field(9, raw)]);
}

function makeIntegers(name: string, values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return concat([varintField(1, values.length), varintField(2, INT64), field(8, name), field(9, raw)]);
}

function makeValue(name: string, type: number, shape: readonly (number | string)[]): Uint8Array {
  const sizes = shape.map((size) => field(1, typeof size === "number" ? varintField(1, size) : field(2, size)));
  const tensor = concat([varintField(1, type), field(2, concat(sizes))]);
  return concat([field(1, name), field(2, field(1, tensor))]);
}

/** A protobuf field whose content has a length: text, bytes or a message. */
function field(number: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varintField(number: number, value: number): Uint8Array {
  return concat([varint(number << 3), varint(value)]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return Uint8Array.from([...bytes, rest]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
