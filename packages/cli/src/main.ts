import { runCommandLine } from "./program.ts";

/** Runs the command line of this process. The first Ctrl-C ends a call in good order, the second the process. */
export async function main(): Promise<void> {
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    env: process.env,
    writeOut: (text) => process.stdout.write(text),
    writeErr: (text) => process.stderr.write(text),
    isLive: process.stderr.isTTY === true,
    interrupted: interrupt.signal,
  });
}
