/** The part of @echogarden/rnnoise-wasm that is used here; the package ships no declarations. */
declare module "@echogarden/rnnoise-wasm" {
  export type RnnoiseModule = {
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _rnnoise_create(model: 0): number;
    _rnnoise_destroy(state: number): void;
    _rnnoise_process_frame(state: number, output: number, input: number): number;
  };
  export default function createRnnoise(): Promise<RnnoiseModule>;
}
