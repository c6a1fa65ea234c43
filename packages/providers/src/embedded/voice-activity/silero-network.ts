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
    const outFrames = Math.ceil(frames / layer.stride);
    const matrix = toMatrix(kernel, { ...layer, frames, outFrames });
    const biases = Float32Array.from({ length: outFrames * layer.to }, (_, at) => bias[at % layer.to] ?? 0);
    activity = addLayer(graph, activity, [frames * layer.from, outFrames * layer.to], matrix, biases);
    activity = graph.add("Relu", [activity]);
    frames = outFrames;
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
      { name: "stretches", width: STRETCH_SAMPLES },
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
  const waves = [0, BINS].map((first) => {
    const matrix = new Float32Array(STRETCH_SAMPLES * BINS);
    for (let bin = 0; bin < BINS; bin++) {
      for (let at = 0; at < STRETCH_SAMPLES; at++)
        matrix[at * BINS + bin] = basis[(first + bin) * STRETCH_SAMPLES + at] ?? 0;
    }
    const part = graph.add("MatMul", ["stretches", graph.constant([STRETCH_SAMPLES, BINS], matrix)]);
    return graph.add("Mul", [part, part]);
  });
  const loudness = graph.add("Sqrt", [graph.add("Add", waves)]);
  return graph.add("Reshape", [loudness, graph.constant([2], [-1, STRETCHES * BINS])]);
}

/** A convolution of width 3 over few frames as one matrix, of which some is zeros. */
function toMatrix(
  kernel: Float32Array,
  layer: Layer & { readonly frames: number; readonly outFrames: number },
): Float32Array {
  const { from, to, stride, frames, outFrames } = layer;
  const width = outFrames * to;
  const matrix = new Float32Array(frames * from * width);
  for (let outFrame = 0; outFrame < outFrames; outFrame++) {
    for (let tap = 0; tap < 3; tap++) {
      const frame = outFrame * stride + tap - 1;
      if (frame < 0 || frame >= frames) continue;
      for (let out = 0; out < to; out++) {
        for (let channel = 0; channel < from; channel++)
          matrix[(frame * from + channel) * width + outFrame * to + out] =
            kernel[(out * from + channel) * 3 + tap] ?? 0;
      }
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
