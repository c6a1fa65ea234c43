import { type Clock, SystemClock } from "@earshot/telephony";

/** The time of this machine, for tests that speak to real sockets and programs. */
export const realClock: Clock = new SystemClock();
