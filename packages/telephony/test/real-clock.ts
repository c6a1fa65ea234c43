import type { Clock } from "@earshot/telephony";

/** The time of this machine, for tests that speak to real sockets and programs. */
export const realClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
