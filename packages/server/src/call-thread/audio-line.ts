import type { Samples } from "@earshot/engine";

/** A connection of one call's far end. */
export interface AudioSocket {
  sendAudio(samples: Samples): void;
  sendText(message: Readonly<Record<string, unknown>>): void;
  close(): void;
}

/** What a connection hands on. */
export interface AudioLine {
  receiveAudio(samples: Samples): void;
  receiveText(text: string): void;
  close(): void;
}
