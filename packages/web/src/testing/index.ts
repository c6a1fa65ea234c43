/** For tests of pages: time that passes when told to, and journals from a script. */
export { FakeScheduler, FakeSocket } from "./fake-network.ts";
export { toJournal } from "./journal-script.ts";
