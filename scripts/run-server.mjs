import { spawn } from "node:child_process";
import { join } from "node:path";
import { pinnedNode, root } from "./installed-packages.mjs";

/**
 * For the C library, whose habit it is to keep freed memory a thread: models that were read, and their buffers, go back
 * to the system. Saves some 100 MB.
 */
const thriftyMemory = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_TRIM_THRESHOLD_: "131072" };

/**
 * Runs `earshot start` on the pinned Node and resolves to its exit code, or 128 + signal number when a signal ended it.
 * Signals go on to the server, so that it can let its calls finish; a terminal sends Ctrl-C to both by itself.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export function runServer(args) {
  // Six threads would each keep up to 48 MB for young objects.
  const command = ["--max-semi-space-size=4", join(root, "packages/cli/bin/earshot.mjs"), "start", ...args];
  const server = spawn(pinnedNode, command, { stdio: "inherit", env: { ...thriftyMemory, ...process.env } });
  process.on("SIGTERM", () => server.kill("SIGTERM"));
  process.on("SIGHUP", () => server.kill("SIGHUP"));
  process.on("SIGINT", () => process.stdin.isTTY || server.kill("SIGINT"));
  return new Promise((resolve) => {
    server.on("error", (error) => {
      console.error(`The server could not be started with ${pinnedNode}: ${error.message}`);
      resolve(1);
    });
    server.on("exit", (code, signal) => resolve(code ?? exitCodeOf(signal)));
  });
}

/** @type {Partial<Record<NodeJS.Signals, number>>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };
/** @param {NodeJS.Signals | null} signal */
const exitCodeOf = (signal) => 128 + ((signal && signalNumbers[signal]) ?? 0);
