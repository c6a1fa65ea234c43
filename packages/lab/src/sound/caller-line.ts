import { FRAME_SAMPLES, type Samples } from "@earshot/engine";
import { Random, seedFrom } from "../random.ts";
import { Echo, type EchoOptions } from "./echo.ts";
import { Noise, type NoiseKind } from "./noise.ts";
import { PacketLoss, type PacketLossOptions } from "./packet-loss.ts";
import { fromDb, fromDbfs, toSample } from "./samples.ts";
import { TelephoneLine } from "./telephone-line.ts";

/** How loud callers speak here, whatever their voice: the level that a noise's distance is measured from. */
export const SPEECH_DBFS = -24;

export type LineOptions = {
  /** `clean`: 16 kHz as a browser sends it; `phone`: 300 to 3400 Hz in mu-law. Default clean. */
  readonly band?: "clean" | "phone";
  /** Louder (and from some point on clipped) or quieter, dB. Default 0. */
  readonly gainDb?: number;
  readonly noise?: { readonly kind: NoiseKind; readonly snrDb: number };
  readonly packetLoss?: PacketLossOptions;
  readonly echo?: EchoOptions;
};

/** All that happens to a caller's voice between the mouth and the server, frame by frame. */
export class CallerLine {
  readonly #gain: number;
  readonly #noise: Noise | undefined;
  readonly #echo: Echo | undefined;
  readonly #telephone: TelephoneLine | undefined;
  readonly #loss: PacketLoss | undefined;

  /** @param voices what people nearby say, for noise of the kind "babble" */
  constructor(options: LineOptions, { seed, voices = [] }: { seed: number; voices?: readonly Samples[] }) {
    const { band = "clean", gainDb = 0, noise, packetLoss, echo } = options;
    this.#gain = fromDb(gainDb);
    this.#telephone = band === "phone" ? new TelephoneLine() : undefined;
    this.#echo = echo === undefined ? undefined : new Echo(echo);
    this.#loss =
      packetLoss === undefined ? undefined : new PacketLoss(packetLoss, new Random(seedFrom(seed, "packet loss")));
    this.#noise =
      noise === undefined
        ? undefined
        : new Noise(noise.kind, {
            level: fromDbfs(SPEECH_DBFS - noise.snrDb),
            random: new Random(seedFrom(seed, "noise")),
            voices,
          });
  }

  /** What the server gets of 20 ms of the caller's voice while `played` comes out of the loudspeaker. */
  pass(voice: Samples, played: Samples): Samples {
    const noise = this.#noise?.next(FRAME_SAMPLES);
    const echo = this.#echo?.pass(played);
    let frame = voice;
    if (noise !== undefined || echo !== undefined || this.#gain !== 1)
      frame = voice.map((sample, i) => toSample(this.#gain * (sample + (noise?.[i] ?? 0) + (echo?.[i] ?? 0))));
    frame = this.#telephone?.pass(frame) ?? frame;
    return this.#loss?.pass(frame) ?? frame;
  }
}
