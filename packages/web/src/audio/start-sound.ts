import type { Scheduler } from "../connection/scheduler.ts";
import { MicrophoneError } from "./microphone.ts";

/** A loudspeaker over the air takes a few seconds to wake. */
const START_LIMIT_MS = 10_000;

/**
 * Lets a page's sound run; Firefox waits for ever where there is no loudspeaker.
 * @throws MicrophoneError, with the context closed
 */
export async function startSound(
  context: Pick<AudioContext, "resume" | "close">,
  scheduler: Pick<Scheduler, "after">,
): Promise<void> {
  let cancel = (): void => {};
  const isLate = new Promise<never>((_, reject) => {
    cancel = scheduler.after(START_LIMIT_MS, () => reject(new MicrophoneError("no-output")));
  });
  try {
    await Promise.race([context.resume(), isLate]);
  } catch (cause) {
    await context.close();
    throw cause;
  } finally {
    cancel();
  }
}
