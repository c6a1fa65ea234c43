import { FRAME_MS, SystemClock } from "@earshot/engine";
import { percentile } from "../statistics.ts";

/** How late the timers of one turn alone make it, without a session: a wait for each of `delaysMs`, one after another. */
export async function runNullLoop(options: {
  calls: number;
  spreadMs: number;
  delaysMs: readonly number[];
}): Promise<{ p50: number; p95: number }> {
  const clock = new SystemClock();
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const idealMs = options.delaysMs.reduce((sum, ms) => sum + ms, 0);
  const lateMs: number[] = [];
  const runCall = async (index: number) => {
    await wait((options.spreadMs * index) / options.calls);
    const stop = clock.every(FRAME_MS, () => {});
    const startedMs = clock.nowMs();
    for (const delayMs of options.delaysMs) await wait(delayMs);
    lateMs.push(clock.nowMs() - startedMs - idealMs);
    stop();
  };
  await Promise.all(Array.from({ length: options.calls }, (_, index) => runCall(index)));
  return { p50: percentile(lateMs, 50), p95: percentile(lateMs, 95) };
}
