/** Asterisk sends nothing for a caller who sends nothing, as muted telephones do, and hangs up on two seconds without a packet. */

import type { WallClock } from "../../wall-clock.ts";
import { HEADER_BYTES, toPacket } from "./audiosocket-stream.ts";

const EVERY_MS = 500;
/** Signed linear at 8 kHz: what the application AudioSocket has, whatever the channel. */
const USUAL = 0x10;
const LOWEST_RATE_BYTES = 320;

export type Awake = {
  /** A packet of Asterisk's. */
  heard(packet: Uint8Array): void;
  sent(): void;
  stop(): void;
};

/**
 * Puts silence where nothing is said: to the call until Asterisk has sent its first sound, so that it begins, and to
 * Asterisk whenever nothing went either way.
 */
export function keepAwake(
  clock: Pick<WallClock, "every">,
  to: { hear(packet: Uint8Array<ArrayBuffer>): void; send(packet: Uint8Array<ArrayBuffer>): void },
): Awake {
  let kind = 0;
  let silence = toPacket(USUAL, new Uint8Array(LOWEST_RATE_BYTES));
  let isBusy = true;
  const stop = clock.every(EVERY_MS, () => {
    if (kind === 0) {
      kind = USUAL;
      to.hear(silence);
    }
    if (!isBusy) to.send(silence);
    isBusy = false;
  });
  return {
    heard(packet) {
      isBusy = true;
      const [of = 0] = packet;
      if (kind !== 0 || of < USUAL || packet.length <= HEADER_BYTES || of === 0xff) return;
      kind = of;
      silence = toPacket(of, new Uint8Array(packet.length - HEADER_BYTES));
    },
    sent() {
      isBusy = true;
    },
    stop,
  };
}
