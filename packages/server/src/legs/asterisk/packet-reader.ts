import { HEADER_BYTES } from "./audiosocket-stream.ts";

/** Cuts what comes over TCP into packets of AudioSocket. Holds one packet at most: 64 kB. */
export class PacketReader {
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  /** The packets that are complete by now, each a copy. */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const packets: Uint8Array<ArrayBuffer>[] = [];
    let at = 0;
    for (;;) {
      const length = HEADER_BYTES + ((all[at + 1] ?? 0) << 8) + (all[at + 2] ?? 0);
      if (all.length - at < HEADER_BYTES || all.length - at < length) break;
      packets.push(all.slice(at, at + length));
      at += length;
    }
    this.#rest = all.slice(at);
    return packets;
  }
}
