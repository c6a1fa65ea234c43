/** Finds the weights inside an ONNX file: onnx.proto, message by message, of which only tensors matter. */

export type Weights = { readonly shape: readonly number[]; readonly values: Float32Array };

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_TENSOR = 5;
const ATTRIBUTE_GRAPH = 6;
const TENSOR_DIMS = 1;
const TENSOR_TYPE = 2;
const TENSOR_NAME = 8;
const TENSOR_RAW = 9;
const FLOAT_TYPE = 1;

/** The float tensors of a graph by name, for the model's graph and each graph within it. */
export function readWeights(model: Uint8Array): readonly ReadonlyMap<string, Weights>[] {
  const graphs: Map<string, Weights>[] = [];
  for (const graph of nested(model, MODEL_GRAPH)) readGraph(graph, graphs);
  return graphs;
}

function readGraph(graph: Uint8Array, graphs: Map<string, Weights>[]): void {
  const own = new Map<string, Weights>();
  graphs.push(own);
  for (const tensor of nested(graph, GRAPH_INITIALIZER)) readTensor(tensor, own);
  for (const node of nested(graph, GRAPH_NODE)) {
    for (const attribute of nested(node, NODE_ATTRIBUTE)) {
      for (const tensor of nested(attribute, ATTRIBUTE_TENSOR)) readTensor(tensor, own);
      for (const inner of nested(attribute, ATTRIBUTE_GRAPH)) readGraph(inner, graphs);
    }
  }
}

/** The messages within a message that stand under one number. */
function* nested(message: Uint8Array, number: number): Generator<Uint8Array> {
  for (const field of readFields(message)) if (field.number === number && field.bytes) yield field.bytes;
}

function readTensor(tensor: Uint8Array, own: Map<string, Weights>): void {
  const shape: number[] = [];
  let type = 0;
  let name = "";
  let raw: Uint8Array | undefined;
  for (const { number, value, bytes } of readFields(tensor)) {
    if (number === TENSOR_DIMS) shape.push(...(bytes === undefined ? [value] : readPacked(bytes)));
    if (number === TENSOR_TYPE) type = value;
    if (number === TENSOR_NAME && bytes) name = new TextDecoder().decode(bytes);
    if (number === TENSOR_RAW) raw = bytes;
  }
  if (type === FLOAT_TYPE && raw) own.set(name, { shape, values: new Float32Array(Uint8Array.from(raw).buffer) });
}

type Field = { readonly number: number; readonly value: number; readonly bytes: Uint8Array | undefined };

function* readFields(message: Uint8Array): Generator<Field> {
  const cursor = { message, at: 0 };
  while (cursor.at < message.length) {
    const tag = readVarint(cursor);
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) {
      yield { number, value: readVarint(cursor), bytes: undefined };
      continue;
    }
    const fixedLength = wireType === 5 ? 4 : 8;
    const length = wireType === 2 ? readVarint(cursor) : fixedLength;
    yield { number, value: 0, bytes: message.subarray(cursor.at, cursor.at + length) };
    cursor.at += length;
  }
}

function readPacked(bytes: Uint8Array): number[] {
  const cursor = { message: bytes, at: 0 };
  const values: number[] = [];
  while (cursor.at < bytes.length) values.push(readVarint(cursor));
  return values;
}

/** Beyond 2^53 the value is not exact: such numbers are no lengths, tags or shapes. */
function readVarint(cursor: { readonly message: Uint8Array; at: number }): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = cursor.message[cursor.at++] ?? 0;
    value += (byte % 128) * scale;
    if (byte < 128) return value;
  }
}
