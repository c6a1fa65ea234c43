import type { Samples } from "@earshot/engine";

/** What a connection hands on. */
export interface AudioLine {
  receiveAudio(samples: Samples): void;
  receiveText(text: string): void;
  close(): void;
}
