/** The part of sherpa-onnx-node that is used here; the package ships no declarations. */
declare module "sherpa-onnx-node" {
  export type Waveform = { readonly samples: Float32Array; readonly sampleRate: number };

  export type OfflineStream = { acceptWaveform(waveform: Waveform): void };

  export class OfflineRecognizer {
    static createAsync(config: Readonly<Record<string, unknown>>): Promise<OfflineRecognizer>;
    createStream(): OfflineStream;
    decodeAsync(stream: OfflineStream): Promise<{ readonly text: string }>;
  }

  export class OfflineTts {
    static createAsync(config: Readonly<Record<string, unknown>>): Promise<OfflineTts>;
    readonly numSpeakers: number;
    readonly sampleRate: number;
    generateAsync(request: {
      readonly text: string;
      readonly sid: number;
      readonly speed: number;
      readonly enableExternalBuffer: boolean;
      readonly onProgress?: (chunk: { readonly samples: Float32Array; readonly progress: number }) => boolean;
    }): Promise<Waveform>;
  }

  const sherpa: { readonly OfflineRecognizer: typeof OfflineRecognizer; readonly OfflineTts: typeof OfflineTts };
  export default sherpa;
}
