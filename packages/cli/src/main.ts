import { runCommandLine } from "./program.ts";

/** Runs the command line of this process. */
export async function main(): Promise<void> {
  process.stdout.on("error", endOnBrokenPipe);
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    env: process.env,
    writeOut: (text) => process.stdout.write(text),
    writeErr: (text) => process.stderr.write(text),
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
