import { CallerVoice } from "../callers/caller-voice.ts";
import { seedFrom } from "../random.ts";
import { findCallerModel } from "./caller-model.ts";
import { AgentBook } from "./find-agent.ts";
import type { FoundScenario } from "./read-scenarios.ts";
import type { Rehearsal, RehearsedCall } from "./rehearsal.ts";
import { rehearseCall } from "./rehearse-call.ts";
import type { Stage, Surroundings } from "./stage.ts";

export type RehearseOptions = Surroundings & {
  readonly scenarios: readonly FoundScenario[];
  /** How often each is rehearsed, each time with another seed. Default 1. */
  readonly repeat?: number;
  /** Decides noise, lost packets and pauses. Default 1. */
  readonly seed?: number;
  /** Calls at a time. Default 2: more of them make models slower, and with them the latencies. */
  readonly concurrency?: number;
  readonly onBegun?: (call: Pick<RehearsedCall, "scenario" | "round">) => void;
  readonly onDone?: (call: RehearsedCall) => void;
};

/** Rehearses all scenarios. What can't be rehearsed is "broken"; only a bug rejects. */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const { scenarios, repeat = 1, seed = 1, concurrency = 2, clock } = options;
  const startedMs = clock.nowMs();
  const stage = makeStage(options);
  const rounds = scenarios.flatMap((found) =>
    Array.from({ length: repeat }, (_, round) => ({
      ...found,
      round: round + 1,
      seed: seedFrom(seed + round, found.scenario.name),
    })),
  );
  const calls = new Array<RehearsedCall>(rounds.length);
  let next = 0;
  const work = async () => {
    for (let index = next++; index < rounds.length; index = next++) {
      const round = rounds[index];
      if (round === undefined) continue;
      options.onBegun?.(round);
      const call = await rehearseCall(stage, round);
      calls[index] = call;
      options.onDone?.(call);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, rounds.length) }, work));
  return { seed, wallMs: Math.round(clock.nowMs() - startedMs), calls };
}

function makeStage({ client, connection, clock, interrupted, onSound }: RehearseOptions): Stage {
  const voices = new Map<string, CallerVoice>();
  let model: Promise<string> | undefined;
  return {
    client,
    connection,
    clock,
    interrupted,
    ...(onSound === undefined ? {} : { onSound }),
    agents: new AgentBook(client),
    voiceOf: (options) => {
      const key = JSON.stringify([options.voiceId, options.speed, options.pitch]);
      const voice = voices.get(key) ?? new CallerVoice(client, options);
      voices.set(key, voice);
      return voice;
    },
    findCallerModel: () => {
      model ??= findCallerModel(client);
      return model;
    },
  };
}
