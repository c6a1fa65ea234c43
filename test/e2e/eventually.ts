import { setTimeout as pause } from "node:timers/promises";

const LIMIT_MS = 30_000;

/** Tries until it succeeds; after 30 s throws what it failed with last. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await pause(100);
    }
  }
}
