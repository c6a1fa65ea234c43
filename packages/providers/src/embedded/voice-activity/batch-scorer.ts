import { setImmediate } from "node:timers";
import { VOICE_ACTIVITY_WINDOW_SAMPLES } from "@earshot/engine";
import type { WindowBatch } from "../lines/window-batch.ts";
import { makeSileroMemory, type SileroMemory, type SileroWindow } from "./silero.ts";

/** Longest run of the model: beyond this a bigger batch is no cheaper a window and only delays those waiting. */
const MAX_BATCH = 64;

export type ScoreBatch = (windows: readonly SileroWindow[]) => Promise<Float32Array>;

/** The memories of the calls behind one line. */
export class LineMemories {
  readonly #memories = new Map<number, SileroMemory>();

  of(streamId: number): SileroMemory {
    let memory = this.#memories.get(streamId);
    if (memory === undefined) {
      memory = makeSileroMemory();
      this.#memories.set(streamId, memory);
    }
    return memory;
  }

  forget(streamIds: readonly number[]): void {
    for (const streamId of streamIds) this.#memories.delete(streamId);
  }
}

type Job = {
  readonly memories: LineMemories;
  readonly batch: WindowBatch;
  readonly probabilities: Float32Array<ArrayBuffer>;
  readonly done: (probabilities: Float32Array<ArrayBuffer>) => void;
  /** Windows still to be scored. */
  left: number;
};

type Place = { readonly job: Job; readonly index: number; readonly window: SileroWindow };

/** Scores whatever has arrived since the last run as few batches as the order of each call's windows allows. */
export class BatchScorer {
  readonly #score: ScoreBatch;
  readonly #onError: (error: unknown) => void;
  #jobs: Job[] = [];
  #isRunning = false;

  constructor(score: ScoreBatch, onError: (error: unknown) => void) {
    this.#score = score;
    this.#onError = onError;
  }

  /** `done` gets a probability for each window of the batch, 0 where scoring failed. */
  add(memories: LineMemories, batch: WindowBatch, done: Job["done"]): void {
    const left = batch.streamIds.length;
    const job: Job = { memories, batch, done, left, probabilities: new Float32Array(left) };
    this.#jobs.push(job);
    if (this.#isRunning) return;
    this.#isRunning = true;
    // Lets every message that has already arrived join the batch.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#jobs.length > 0) {
      let jobs: readonly Job[] = this.#jobs;
      this.#jobs = [];
      for (const round of toRounds(jobs)) {
        await this.#runRound(round);
        for (const { job } of round) job.left--;
        jobs = finishScored(jobs);
      }
      finishScored(jobs);
    }
    this.#isRunning = false;
  }

  async #runRound(round: readonly Place[]): Promise<void> {
    try {
      const probabilities = await this.#score(round.map((place) => place.window));
      for (const [i, { job, index }] of round.entries()) job.probabilities[index] = probabilities[i] ?? 0;
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** Finishes what is scored, each line's jobs in their order, and returns the others. */
function finishScored(jobs: readonly Job[]): readonly Job[] {
  const waiting = new Set<LineMemories>();
  return jobs.filter(({ memories, batch, probabilities, done, left }) => {
    if (left > 0 || waiting.has(memories)) {
      waiting.add(memories);
      return true;
    }
    memories.forget(batch.closedIds);
    done(probabilities);
    return false;
  });
}

/** Each round holds at most one window of a call, and earlier windows of a call stand in earlier rounds. */
function toRounds(jobs: readonly Job[]): readonly Place[][] {
  const rounds: Place[][] = [];
  const depths = new Map<SileroMemory, number>();
  for (const job of jobs) {
    for (const [index, streamId] of job.batch.streamIds.entries()) {
      const memory = job.memories.of(streamId);
      const depth = depths.get(memory) ?? 0;
      depths.set(memory, depth + 1);
      const start = index * VOICE_ACTIVITY_WINDOW_SAMPLES;
      const samples = job.batch.samples.subarray(start, start + VOICE_ACTIVITY_WINDOW_SAMPLES);
      let round = rounds[depth];
      if (round === undefined) {
        round = [];
        rounds[depth] = round;
      }
      round.push({ job, index, window: { memory, samples } });
    }
  }
  return rounds.flatMap(splitRound);
}

function splitRound(round: Place[]): Place[][] {
  const parts: Place[][] = [];
  for (let start = 0; start < round.length; start += MAX_BATCH) parts.push(round.slice(start, start + MAX_BATCH));
  return parts;
}
