import { ProviderError, type ProviderStage } from "../models/provider-error.ts";
import type { Clock } from "./clock.ts";

/**
 * The stream with a limit on each wait, and the clock kept to real time meanwhile.
 * @throws ProviderError of kind `timeout`
 */
export async function* withinLimit<T>(
  stream: AsyncIterable<T>,
  clock: Clock,
  { limitMs, provider, stage }: { limitMs: () => number; provider: string; stage: ProviderStage },
): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const patienceMs = limitMs();
      const workDone = clock.working();
      const timeout = Promise.withResolvers<never>();
      const cancel = clock.after(patienceMs, () =>
        timeout.reject(toModelError({ provider, stage, kind: "timeout" }, `nothing for ${patienceMs / 1000} seconds`)),
      );
      const next = await Promise.race([iterator.next(), timeout.promise]).finally(() => {
        cancel();
        workDone();
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // A stalled iterator must not hold up whoever gives it up.
    iterator.return?.()?.catch(() => {});
  }
}

/** A failure that another try may well get over. */
export function toModelError(
  of: { provider: string; stage: ProviderStage; kind: "timeout" | "bad-response" },
  gave: string,
): ProviderError {
  return new ProviderError({ ...of, message: `${of.provider} gave ${gave}`, isRetryable: true });
}
