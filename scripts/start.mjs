/** `npm start`: installs what is missing, builds the page when its sources changed, then starts the server. */
import { runOnFittingNode } from "./node-version.mjs";

runOnFittingNode(() =>
  Promise.all([import("./readiness.mjs"), import("./run-server.mjs")]).then(([{ ensureReady }, { runServer }]) =>
    ensureReady().then((isReady) => (isReady ? runServer(process.argv.slice(2)) : 1)),
  ),
);
