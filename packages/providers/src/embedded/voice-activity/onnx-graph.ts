/** Writes a small ONNX model: onnx.proto, of which a handful of messages is enough. */

/** A matrix that goes in or comes out: as many rows as there are, `width` numbers each. */
export type Port = { readonly name: string; readonly width: number };

const FLOAT_TYPE = 1;
const INTEGER_TYPE = 7;
const IR_VERSION = 8;
const OPSET = 17;

export class OnnxGraph {
  readonly #parts: Uint8Array[] = [];
  #count = 0;

  /** Adds a node and returns the name of its first output. `attributes` are whole numbers. */
  add(type: string, inputs: readonly string[], attributes: Readonly<Record<string, number>> = {}): string {
    return this.addNamed(type, inputs, [this.#name()], attributes)[0] ?? "";
  }

  addNamed<const Names extends readonly string[]>(
    type: string,
    inputs: readonly string[],
    outputs: Names,
    attributes: Readonly<Record<string, number>> = {},
  ): Names {
    const fields = [
      ...inputs.map((input) => text(1, input)),
      ...outputs.map((output) => text(2, output)),
      text(4, type),
      ...Object.entries(attributes).map(([name, value]) =>
        message(5, [text(1, name), varint(3, value), varint(20, 2)]),
      ),
    ];
    this.#parts.push(message(1, fields));
    return outputs;
  }

  /** Adds a constant, floats or whole numbers, and returns its name. */
  constant(shape: readonly number[], values: Float32Array | readonly number[]): string {
    const name = this.#name();
    const isFloat = values instanceof Float32Array;
    const raw = isFloat ? values : BigInt64Array.from(values, BigInt);
    this.#parts.push(
      message(5, [
        ...shape.map((size) => varint(1, size)),
        varint(2, isFloat ? FLOAT_TYPE : INTEGER_TYPE),
        text(8, name),
        field(9, new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength)),
      ]),
    );
    return name;
  }

  /** The model as a file. */
  toBytes(inputs: readonly Port[], outputs: readonly Port[]): Uint8Array {
    const graph = [
      ...this.#parts,
      text(2, "graph"),
      ...inputs.map((port) => message(11, portFields(port))),
      ...outputs.map((port) => message(12, portFields(port))),
    ];
    return join([varint(1, IR_VERSION), message(7, graph), message(8, [text(1, ""), varint(2, OPSET)])]);
  }

  #name(): string {
    return `v${++this.#count}`;
  }
}

function portFields({ name, width }: Port): Uint8Array[] {
  const shape = message(2, [message(1, [text(2, `rows_${name}`)]), message(1, [varint(1, width)])]);
  return [text(1, name), message(2, [message(1, [varint(1, FLOAT_TYPE), shape])])];
}

function varint(number: number, value: number): Uint8Array {
  return new Uint8Array([...encode(number * 8), ...encode(value)]);
}

function text(number: number, value: string): Uint8Array {
  return field(number, new TextEncoder().encode(value));
}

function message(number: number, fields: readonly Uint8Array[]): Uint8Array {
  return field(number, join(fields));
}

function field(number: number, bytes: Uint8Array): Uint8Array {
  return join([new Uint8Array([...encode(number * 8 + 2), ...encode(bytes.length)]), bytes]);
}

function encode(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...encode(Math.floor(value / 128))];
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
