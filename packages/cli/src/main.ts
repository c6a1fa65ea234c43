import { text } from "node:stream/consumers";
import { runCommandLine } from "./program.ts";

/** Runs the command line of this process. */
export async function main(): Promise<void> {
  process.stdout.on("error", endOnBrokenPipe);
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    env: process.env,
    readIn: () => text(process.stdin),
    writeOut: (words) => process.stdout.write(words),
    writeErr: (words) => process.stderr.write(words),
    isLive: process.stderr.isTTY === true,
    listenForInterrupt,
  });
}

function listenForInterrupt(): AbortSignal {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
  return interrupt.signal;
}

/** Whoever read the output has enough of it, e.g. `earshot calls journal … | head`. */
function endOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
}
