import { flushCompileCache } from "node:module";
import "./quick-imports.ts";

/** Runs a node until a signal ends it: see main.ts, which is loaded only now. */
export async function main(): Promise<void> {
  const { main: run } = await import("./main.ts");
  await run();
  // Kept even when this process is killed one day.
  flushCompileCache();
}
