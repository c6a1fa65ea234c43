/** A caller on a speakerphone: the agent's voice comes back, with or without the caller's own over it. */
import { decodeMuLaw, encodeMuLaw, Resampler, type Samples } from "@earshot/engine";

export type Room = {
  /** Level of the echo against what was sent, dB. */
  readonly echoDb: number;
  readonly delayMs: number;
  /** Time in which the room's sound dies away by 60 dB; 0: no room. */
  readonly tailMs?: number;
  /** Level of steady noise, dB under full scale. */
  readonly noiseDbfs?: number;
  readonly isTelephone?: boolean;
  readonly seed?: number;
};

/** What the caller's side sends while it hears `agent`, with `near` of its own. */
export function callerSide(agent: Samples, near: Samples, room: Room): Samples {
  const random = randomOf(room.seed ?? 1);
  const sum = Float64Array.from(
    near.length >= agent.length ? near : [...near, ...new Int16Array(agent.length - near.length)],
  );
  addEcho(sum, agent, room, random);
  const noise = 32_768 * 10 ** ((room.noiseDbfs ?? -70) / 20) * Math.sqrt(3);
  const samples = Int16Array.from(sum, (value) =>
    Math.max(-32_768, Math.min(32_767, Math.round(value + noise * (2 * random() - 1)))),
  );
  return room.isTelephone ? throughTelephone(samples) : samples;
}

function addEcho(sum: Float64Array, agent: Samples, room: Room, random: () => number): void {
  const taps: [number, number][] = [[Math.round(room.delayMs * 16), 1]];
  if (room.tailMs)
    for (let ms = 3; ms < room.tailMs; ms += 2 + 4 * random())
      taps.push([
        Math.round((room.delayMs + ms) * 16),
        (random() < 0.5 ? -0.6 : 0.6) * 10 ** ((-3 * ms) / room.tailMs),
      ]);
  const energy = Math.sqrt(taps.reduce((total, [, gain]) => total + gain * gain, 0));
  for (const [delay, gain] of taps) {
    const level = (gain / energy) * 10 ** (room.echoDb / 20);
    for (let i = 0; i < agent.length && i + delay < sum.length; i++)
      sum[i + delay] = (sum[i + delay] ?? 0) + (agent[i] ?? 0) * level;
  }
}

/** To 8 kHz mu-law and back. */
export function throughTelephone(samples: Samples): Samples {
  const narrow = convert(samples, 16_000, 8000);
  return convert(decodeMuLaw(encodeMuLaw(narrow)), 8000, 16_000);
}

function convert(samples: Samples, fromHz: number, toHz: number): Samples {
  const resampler = new Resampler(fromHz, toHz);
  const head = resampler.push(samples);
  const tail = resampler.flush();
  const all = new Int16Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
