import type { Log } from "./telemetry/log.ts";

/** What of a process a shutdown needs. */
export type StoppableProcess = {
  on(event: "SIGTERM" | "SIGINT", listener: () => void): unknown;
  exit(code: number): void;
};

/** The first signal shuts down in order; a second one quits at once. */
export function onShutdown(options: {
  readonly process: StoppableProcess;
  readonly log: Log;
  readonly shutDown: () => Promise<void>;
}): void {
  const { process, log } = options;
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) {
      log.warn({ signal }, "second signal: quitting at once");
      process.exit(1);
      return;
    }
    isStopping = true;
    log.info({ signal }, "shutting down");
    options.shutDown().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "shutting down failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
}
