/** Starts a node: the only file that constructs and wires. */
import { fileURLToPath } from "node:url";
import { createApp } from "./api/create-app.ts";
import { AppError, StartupError } from "./app-error.ts";
import { createIdleCallControl } from "./calls/call-control.ts";
import { type Config, isLoopbackHost, readConfig } from "./config.ts";
import { drainHealth } from "./health/health-sources.ts";
import { listen } from "./http-server.ts";
import { onShutdown } from "./on-shutdown.ts";
import type { Speech } from "./speech/speech.ts";
import { startServices } from "./start-services.ts";
import { createLog } from "./telemetry/log.ts";
import { systemWallClock as clock } from "./wall-clock.ts";

const PAGE_DIRECTORY = fileURLToPath(new URL("../../dashboard/dist", import.meta.url));

try {
  await start(readConfig());
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`Earshot can't start.\n${error.message}\n`);
  process.exit(1);
}

async function start(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  const control = createIdleCallControl();
  const services = await startServices({ config, log, clock, countLiveCalls: () => control.liveCalls });
  const app = createApp({
    ...services,
    ...services.telemetry,
    control,
    speech: noSpeech(),
    listVoices: () => [],
    listModels: () => [],
    healthSources: [...services.healthSources, drainHealth(control)],
    log,
    clock,
    dataDirectory: config.dataDirectory,
    isLoopback: isLoopbackHost(config.host),
    pageDirectory: PAGE_DIRECTORY,
  });
  const http = await listen(app, config).catch(async (error: unknown) => {
    await services.close();
    throw error;
  });
  onShutdown({
    process,
    log,
    async shutDown() {
      await control.drain(config.shutdownTimeoutMs);
      services.bus.close();
      await http.close();
      await services.close();
    },
  });
  showBanner(http.url, services.firstApiKey);
}

function showBanner(url: string, firstApiKey: string | undefined): void {
  const lines = [`Earshot is ready at ${url}`];
  if (firstApiKey !== undefined) lines.push(`Your first API key, shown only now: ${firstApiKey}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function noSpeech(): Speech {
  const refuse = async () => {
    throw new AppError("not_ready", "this node has no speech models");
  };
  return { say: refuse, transcribe: refuse };
}
