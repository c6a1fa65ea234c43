import type { AudioCodecName } from "../sdp/media-capabilities.ts";
import type { AudioCodec } from "./audio-codec.ts";
import { makePcma, makePcmu } from "./g711.ts";
import { makeG722 } from "./g722.ts";
import { makeOpus } from "./opus.ts";

/** `parameters`: the peer's `a=fmtp`, which says what it wants to receive. */
export function makeCodec(name: AudioCodecName, parameters?: string): AudioCodec {
  switch (name) {
    case "PCMU":
      return makePcmu();
    case "PCMA":
      return makePcma();
    case "G722":
      return makeG722();
    case "opus":
      return makeOpus(parameters);
  }
}
