/** For tests of pages: time that passes when told to, and journals from a script. */
export { toJournal } from "./captions/journal-script.ts";
export { FakeScheduler, FakeSocket } from "./connection/fake-network.ts";
