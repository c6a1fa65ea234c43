/**
 * Silero's network for 16 kHz with its weights as they are, written as products of matrices over many calls: as the
 * convolutions of its own file, which are laid out for one call, it takes three times as long a window.
 */

import { OnnxGraph } from "./onnx-graph.ts";
import { readWeights, type Weights } from "./onnx-weights.ts";

/** The window with its context, mirrored at the end, is cut into this many overlapping stretches. */
export const STRETCHES = 4;
export const STRETCH_SAMPLES = 256;
export const STRETCH_STEP = 128;
/**
 * A stretch goes in folded, as half as many sums and half as many differences of the samples that are equally far from
 * its middle: cosines want nothing but the ones, sines the others, and half the work is done.
 */
export const FOLDED_SAMPLES = STRETCH_SAMPLES / 2;
/** Size of what the network carries from window to window: twice this many numbers. */
export const MEMORY_SIZE = 128;

const BINS = 129;
const BASIS = "stft.forward_basis_buffer";
const BASIS_SHAPE = [2 * BINS, 1, STRETCH_SAMPLES];
/** Input, forget, output, candidate, where the file has the candidate third. */
const GATE_ORDER = [0, 1, 3, 2];

/** @throws Error when `model` is not the network that this file knows */
export function makeSileroNetwork(model: Uint8Array): Uint8Array {
  // The file holds a network for 8 kHz too, with weights of the same names.
  const isOurs = (weights: ReadonlyMap<string, Weights>) => weights.get(BASIS)?.shape.join() === BASIS_SHAPE.join();
  const weights = readWeights(model).find(isOurs) ?? new Map<string, Weights>();
  const find: Find = (name, shape) => findWeights(weights, name, shape);
  const graph = new OnnxGraph();

  let activity = addSpectrum(graph, find(BASIS, BASIS_SHAPE));
  let frames = STRETCHES;
  for (const [index, layer] of LAYERS.entries()) {
    const name = `encoder.${index}.reparam_conv`;
    const kernel = find(`${name}.weight`, [layer.to, layer.from, 3]);
    const bias = find(`${name}.bias`, [layer.to]);
    activity = addConvolution(graph, activity, { ...layer, frames, kernel, bias });
    frames = Math.ceil(frames / layer.stride);
  }
  const size = MEMORY_SIZE;
  addMemory(graph, addGates(graph, activity, find));
  const loud = graph.add("Relu", ["nextHidden"]);
  const last = addLayer(
    graph,
    loud,
    [size, 1],
    find("decoder.decoder.2.weight", [1, size, 1]),
    find("decoder.decoder.2.bias", [1]),
  );
  graph.addNamed("Sigmoid", [last], ["probability"]);
  return graph.toBytes(
    [
      { name: "sums", width: FOLDED_SAMPLES },
      { name: "differences", width: FOLDED_SAMPLES },
      { name: "hidden", width: size },
      { name: "cell", width: size },
    ],
    [
      { name: "probability", width: 1 },
      { name: "nextHidden", width: size },
      { name: "nextCell", width: size },
    ],
  );
}

type Find = (name: string, shape: readonly number[]) => Float32Array;

type Layer = { readonly from: number; readonly to: number; readonly stride: number };
const LAYERS: readonly Layer[] = [
  { from: BINS, to: 128, stride: 1 },
  { from: 128, to: 64, stride: 2 },
  { from: 64, to: 64, stride: 2 },
  { from: 64, to: 128, stride: 1 },
];

/** How loud each stretch is at each frequency: one row a call, stretch after stretch. */
function addSpectrum(graph: OnnxGraph, basis: Float32Array): string {
  const waves = ["sums", "differences"].map((folded, half) => {
    const matrix = new Float32Array(FOLDED_SAMPLES * BINS);
    for (let bin = 0; bin < BINS; bin++) {
      const row = (half * BINS + bin) * STRETCH_SAMPLES;
      for (let at = 0; at < FOLDED_SAMPLES; at++) matrix[at * BINS + bin] = basis[row + 1 + at] ?? 0;
    }
    const part = graph.add("MatMul", [folded, graph.constant([FOLDED_SAMPLES, BINS], matrix)]);
    return graph.add("Mul", [part, part]);
  });
  const loudness = graph.add("Sqrt", [graph.add("Add", waves)]);
  return graph.add("Reshape", [loudness, graph.constant([2], [-1, STRETCHES * BINS])]);
}

type Convolution = Layer & { readonly frames: number; readonly kernel: Float32Array; readonly bias: Float32Array };

/** A convolution of width 3 over few frames: a product for each frame that comes out, of those that it looks at. */
function addConvolution(graph: OnnxGraph, input: string, layer: Convolution): string {
  const outputs: string[] = [];
  for (let centre = 0; centre < layer.frames; centre += layer.stride) {
    const first = Math.max(0, centre - 1);
    const last = Math.min(layer.frames - 1, centre + 1);
    const seen = addFrames(graph, input, layer, { first, last });
    const matrix = toMatrix(layer, { first, last, centre });
    const out = addLayer(graph, seen, [(last - first + 1) * layer.from, layer.to], matrix, layer.bias);
    outputs.push(graph.add("Relu", [out]));
  }
  return outputs.length === 1 ? (outputs[0] ?? "") : graph.add("Concat", outputs, { axis: 1 });
}

/** The columns of some frames. */
function addFrames(
  graph: OnnxGraph,
  input: string,
  { frames, from }: Convolution,
  { first, last }: { readonly first: number; readonly last: number },
): string {
  if (first === 0 && last === frames - 1) return input;
  const [start, end, axis] = [first * from, (last + 1) * from, 1].map((value) => graph.constant([1], [value]));
  return graph.add("Slice", [input, start ?? "", end ?? "", axis ?? ""]);
}

function toMatrix(
  { from, to, kernel }: Convolution,
  { first, last, centre }: { readonly first: number; readonly last: number; readonly centre: number },
): Float32Array {
  const matrix = new Float32Array((last - first + 1) * from * to);
  for (let frame = first; frame <= last; frame++) {
    const tap = frame - centre + 1;
    for (let channel = 0; channel < from; channel++) {
      const row = ((frame - first) * from + channel) * to;
      for (let out = 0; out < to; out++) matrix[row + out] = kernel[(out * from + channel) * 3 + tap] ?? 0;
    }
  }
  return matrix;
}

function addLayer(
  graph: OnnxGraph,
  input: string,
  shape: readonly [number, number],
  matrix: Float32Array,
  biases: Float32Array,
): string {
  return graph.add("Gemm", [input, graph.constant(shape, matrix), graph.constant([shape[1]], biases)]);
}

/** What the cell's gates make of the activity and of what was said before. */
function addGates(graph: OnnxGraph, activity: string, find: Find): string {
  const size = MEMORY_SIZE;
  const width = GATE_ORDER.length * size;
  const input = find("decoder.rnn.weight_ih", [width, size]);
  const recurrent = find("decoder.rnn.weight_hh", [width, size]);
  const inputBias = find("decoder.rnn.bias_ih", [width]);
  const recurrentBias = find("decoder.rnn.bias_hh", [width]);
  const matrix = new Float32Array(2 * size * width);
  const biases = new Float32Array(width);
  for (let column = 0; column < width; column++) {
    const row = (GATE_ORDER[Math.floor(column / size)] ?? 0) * size + (column % size);
    biases[column] = (inputBias[row] ?? 0) + (recurrentBias[row] ?? 0);
    for (let k = 0; k < size; k++) {
      matrix[k * width + column] = input[row * size + k] ?? 0;
      matrix[(size + k) * width + column] = recurrent[row * size + k] ?? 0;
    }
  }
  const joined = graph.add("Concat", [activity, "hidden"], { axis: 1 });
  return addLayer(graph, joined, [2 * size, width], matrix, biases);
}

/** A long short-term memory cell, its gates in the order input, forget, output, candidate. */
function addMemory(graph: OnnxGraph, gates: string): void {
  const size = MEMORY_SIZE;
  const sizes = graph.constant([2], [3 * size, size]);
  graph.addNamed("Split", [gates, sizes], ["doors", "candidate"], { axis: 1 });
  const open = graph.add("Sigmoid", ["doors"]);
  graph.addNamed("Split", [open, graph.constant([3], [size, size, size])], ["enter", "keep", "leave"], { axis: 1 });
  const kept = graph.add("Mul", ["keep", "cell"]);
  const entered = graph.add("Mul", ["enter", graph.add("Tanh", ["candidate"])]);
  graph.addNamed("Add", [kept, entered], ["nextCell"]);
  graph.addNamed("Mul", ["leave", graph.add("Tanh", ["nextCell"])], ["nextHidden"]);
}

function findWeights(weights: ReadonlyMap<string, Weights>, name: string, shape: readonly number[]): Float32Array {
  const found = weights.get(name);
  if (found?.shape.join() === shape.join()) return found.values;
  throw new Error(`The voice activity model has no weights "${name}" of shape [${shape.join()}].`);
}
