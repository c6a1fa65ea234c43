/** Run before the tests and benchmarks: installs what is missing and builds the page when its sources changed. */
import { runOnFittingNode } from "./node-version.mjs";

runOnFittingNode(() =>
  import("./readiness.mjs").then(({ ensureReady }) => ensureReady()).then((isReady) => (isReady ? 0 : 1)),
);
