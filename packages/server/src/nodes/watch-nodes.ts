import type { WallClock } from "../wall-clock.ts";
import type { NodeStore } from "./store.ts";

const BEAT_MS = 5_000;
/** A node that is silent for this long is taken for dead. */
export const DEAD_AFTER_MS = 30_000;

/**
 * Says that this node lives, and looks after the calls of those that share the database and died.
 * @param options `onDead` must be idempotent: several nodes may notice the same death
 * @returns a function that ends it and signs this node off
 */
export async function watchNodes(options: {
  readonly nodes: NodeStore;
  readonly clock: WallClock;
  readonly nodeId: string;
  readonly onDead: (nodeIds: readonly string[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}): Promise<() => Promise<void>> {
  const { nodes, clock, nodeId } = options;
  let turn: Promise<void> = Promise.resolve();

  const round = async () => {
    const now = clock.now();
    await nodes.beat(nodeId, now.toISOString());
    const silent = await nodes.listSilent(clock.at(now.getTime() - DEAD_AFTER_MS).toISOString());
    if (silent.length === 0) return;
    await options.onDead(silent);
    await nodes.remove(silent);
  };
  await round();
  const stop = clock.every(BEAT_MS, () => {
    turn = turn.then(round).catch(options.onError);
  });
  return async () => {
    stop();
    await turn;
    await nodes.remove([nodeId]);
  };
}
