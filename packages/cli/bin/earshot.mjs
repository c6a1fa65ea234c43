#!/usr/bin/env node
// Plain JavaScript that any Node reads: Earshot's sources need the Node that is pinned in its dependencies.
import { spawn } from "node:child_process";
import module from "node:module";
import { fileURLToPath } from "node:url";

const OLDEST_MAJOR = 24;

if (Number(process.versions.node.split(".")[0]) >= OLDEST_MAJOR) {
  rememberCompiledCode();
  const { main } = await import("../src/main.ts");
  await main();
} else {
  runOnPinnedNode();
}

/** Spares every start after the first the reading of TypeScript; worker threads find the folder in the environment. */
function rememberCompiledCode() {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../../../node_modules/.cache/earshot", import.meta.url));
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
}

function runOnPinnedNode() {
  const pinned = findPinnedNode();
  if (pinned === undefined) {
    const fix = `Run "npm install" in Earshot's folder, which brings the right one, or install Node ${OLDEST_MAJOR}.`;
    console.error(`earshot: this is Node ${process.versions.node}, and Earshot needs ${OLDEST_MAJOR} or newer. ${fix}`);
    process.exitCode = 1;
    return;
  }
  const child = spawn(pinned, process.argv.slice(1), { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    // A terminal sends Ctrl-C to both by itself.
    process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal));
  }
  child.on("error", (error) => {
    console.error(`earshot: ${pinned} could not be run: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}

function findPinnedNode() {
  try {
    return module.createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    return undefined;
  }
}
