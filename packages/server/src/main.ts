/** Starts a node: the only file that constructs and wires. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Embedder, SystemClock } from "@earshot/engine";
import { connectSpeech, startSpeechHost } from "@earshot/providers/embedded";
import { findLocalModels } from "@earshot/providers/local-models";
import { findRealtimeName } from "./agents/find-realtime-name.ts";
import type { KnownNames } from "./agents/find-warnings.ts";
import { serveCallAudio } from "./api/call-audio.ts";
import { serveCarrierStreams } from "./api/carrier-streams.ts";
import { createApp } from "./api/create-app.ts";
import { StartupError } from "./app-error.ts";
import { CallThread } from "./call-thread/call-thread.ts";
import type { Complete } from "./calls/ask-of-transcript.ts";
import type { Dialler, Ring } from "./calls/dialler.ts";
import { DayWatch } from "./calls/dialling/day-watch.ts";
import { placeDueCall } from "./calls/place-due-call.ts";
import { placeTransfer, type Refer } from "./calls/place-transfer.ts";
import { type Config, isLoopbackHost, readConfig } from "./config.ts";
import { mountDialects } from "./dialects/mount-dialects.ts";
import { drainHealth, speechHealth, threadHealth } from "./health/health-sources.ts";
import { isLoopbackAuthority } from "./http/guards.ts";
import { checkPort, listen } from "./http-server.ts";
import { lookUp } from "./knowledge/look-up.ts";
import { startAsterisk } from "./legs/asterisk/start-asterisk.ts";
import { CarrierDesk } from "./legs/carriers/carrier-desk.ts";
import { type Phone, startPhone } from "./legs/sip/start-phone.ts";
import { toPeerPorts } from "./legs/to-peer-ports.ts";
import { sendFromCall } from "./messages/send-from-call.ts";
import { listModels } from "./models/list-models.ts";
import { onShutdown } from "./on-shutdown.ts";
import { showBanner } from "./show-banner.ts";
import { createListTrunks } from "./sip-trunks/list-trunks.ts";
import type { TrunkWatch } from "./sip-trunks/trunk-status.ts";
import { createSpeech } from "./speech/create-speech.ts";
import { startServices } from "./start-services.ts";
import { claimDataDirectory } from "./storage/data-directory.ts";
import { createLog } from "./telemetry/log.ts";
import { listVoices } from "./voices/list-voices.ts";
import { systemWallClock as clock } from "./wall-clock.ts";
import { iceServersFor } from "./web-calls/ice-servers.ts";

const PAGE_DIRECTORY = fileURLToPath(new URL("../../dashboard/dist", import.meta.url));
const WEB_DIRECTORY = fileURLToPath(new URL("../../web/dist", import.meta.url));

/** Runs a node until a signal ends it. What keeps it from starting is told on standard error, with exit code 1. */
export async function main(): Promise<void> {
  try {
    await start(readConfig());
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    process.stderr.write(`Earshot can't start.\n${error.message}\n`);
    process.exit(1);
  }
}

async function start(config: Config): Promise<void> {
  const startedMs = performance.now();
  const log = createLog(config.logLevel);
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).toReversed())
      await step().catch((error: unknown) => log.error({ err: error }, "closing failed"));
  };
  try {
    await checkPort(config);
    const directory = await claimDataDirectory(config.dataDirectory, clock);
    undo.push(() => directory.release());
    const localModels = await findLocalModels(join(config.dataDirectory, "models"));
    const thread: { current?: CallThread } = {};
    const embedder = Promise.withResolvers<Embedder | undefined>();
    // Whoever waits for it when the start fails.
    undo.push(async () => embedder.resolve(undefined));
    // Side by side: each takes most of the start.
    const [services, host] = await startBoth(
      undo,
      startServices({
        config,
        log,
        clock,
        countLiveCalls: () => thread.current?.liveCalls ?? 0,
        complete: () => modelOf(thread.current),
        converse: () => thread.current?.complete.bind(thread.current),
        embedder: embedder.promise,
      }),
      startSpeechHost({
        localModels,
        isScripted: config.speech === "scripted",
        cacheDir: join(config.dataDirectory, "cache"),
        log: (message, fields) => log.warn(fields, message),
      }),
    );
    if (config.speech === "scripted") log.warn("Speech is scripted (EARSHOT_SPEECH): no caller is understood");
    const speech = connectSpeech(host.connect().bundle);
    undo.push(async () => speech.close());
    embedder.resolve(speech.embedder);
    const voices = listVoices(speech);
    const models = () => listModels({ speech: host, calls, localModels });
    const realtimeNames = () => calls.realtimeModels.map(({ name }) => name);
    const knows: KnownNames = {
      voice: (id) => voices.some((voice) => voice.id === id),
      model: (name) => models().some((model) => model.name === name && model.kind !== "speech-to-speech"),
      realtime: (wanted) => findRealtimeName(wanted, realtimeNames()) !== undefined,
    };
    const peers = toPeerPorts(config);
    const calls = new CallThread({
      config,
      speech: host,
      localModels,
      store: { ...services.closing, bus: services.bus },
      clock,
      log,
      ...(config.sip.port === undefined
        ? {}
        : { media: { bindAddress: toAddress(config.host), ports: config.sip.rtpPorts } }),
      ...(peers ? { peers } : {}),
    });
    thread.current = calls;
    undo.push(() => calls.close());
    await calls.start();
    const isLoopback = isLoopbackHost(config.host);
    const phone: { current?: Phone } = {};
    const takesCalls = { ...services, control: calls, clock };
    const carrierDesk = new CarrierDesk({
      deps: takesCalls,
      thread: calls,
      log,
      publicUrl: config.publicUrl,
    });
    undo.push(() => carrierDesk.close());
    const dayWatch = new DayWatch({
      ...takesCalls,
      hangUp: (leg) => carrierDesk.hangUp(leg),
      onUsedUp: (workspaceId, error) => log.warn({ workspaceId, error }, "Calls end: the day's limit is reached"),
      onError: (error) => log.error({ error: String(error) }, "The limits of a day can't be looked after"),
    });
    dayWatch.start();
    undo.push(() => dayWatch.close());
    const asterisk = await startAsterisk(config, { deps: takesCalls, thread: calls, log });
    undo.push(() => asterisk.close());
    const dialler: Dialler = {
      dial: async (call, from, options) =>
        ((await phone.current?.desk?.dial(call, from, options)) ?? false) || carrierDesk.dial(call, from, options),
    };
    const appDeps = {
      ...services,
      ...services.telemetry,
      control: calls,
      dialler,
      carrierDesk,
      trunkWatch: {
        statusOf: (trunkId) => phone.current?.desk?.trunks.statusOf(trunkId),
        changed: async () => phone.current?.desk?.trunks.changed(),
      } satisfies TrunkWatch,
      complete: calls.complete.bind(calls),
      speech: createSpeech(speech, new SystemClock()),
      embedder: speech.embedder,
      listVoices: () => voices,
      listModels: models,
      healthSources: [...services.healthSources, speechHealth(host), threadHealth(calls), drainHealth(calls)],
      log,
      clock,
      dataDirectory: config.dataDirectory,
      isLoopback,
      pageDirectory: PAGE_DIRECTORY,
      webDirectory: WEB_DIRECTORY,
      rateLimit: config.rateLimit,
      publicUrl: config.publicUrl,
      trustedProxies: config.trustedProxies,
      knows,
    };
    const refer: Refer = async (callId, to) =>
      (await phone.current?.desk?.refer(callId, to)) ?? carrierDesk.refer(callId, to);
    const ring: Ring = async (call, from, options) =>
      (await phone.current?.desk?.ring(call, from, options)) ?? carrierDesk.ring(call, from, options);
    calls.serve({
      placeTransfer: (callId, order) => {
        const more = { refer, ring, whenOver: (id: string) => calls.whenOver(id) };
        return placeTransfer({ ...appDeps, ...more }, callId, order);
      },
      lookUp: (wanted) => lookUp(services.knowledge, wanted),
      sendMessage: (callId, message) => sendFromCall(appDeps, callId, message),
    });
    const app = createApp(appDeps, mountDialects);
    const http = await listen(app, config);
    undo.push(() => http.close());
    serveCallAudio(http.server, {
      calls: services.calls,
      thread: calls,
      log,
      clock,
      isHostAllowed: (name) => !isLoopback || isLoopbackAuthority(name),
      ...(peers ? { iceServersFor: (callId) => iceServersFor(config.webRtc, clock, callId) } : {}),
    });
    serveCarrierStreams(http.server, { desk: carrierDesk, asterisk: asterisk.desk, clock, log });
    phone.current = await startPhone(config, {
      clock: new SystemClock(),
      deps: { ...appDeps, listTrunks: createListTrunks(services) },
      thread: calls,
      metrics: appDeps.metrics,
      log,
      onQuality: (callId, quality) => services.calls.storeQuality(callId, quality),
    });
    undo.push(async () => phone.current?.desk?.close());
    services.scheduling.place = (callId, request) => placeDueCall(appDeps, callId, request);
    onShutdown({
      process,
      log,
      async shutDown() {
        await calls.drain(config.shutdownTimeoutMs);
        services.bus.close();
        await close();
      },
    });
    const readyMs = performance.now() - startedMs;
    showBanner({
      url: http.url,
      firstApiKey: await services.createFirstApiKey(),
      explanation: calls.explanation,
      models: models(),
      isSpeechScripted: config.speech === "scripted",
      phone: phone.current.explanation,
      readyMs,
    });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Sound needs an address to be bound to. */
function toAddress(host: string): string {
  return host === "localhost" ? "127.0.0.1" : host;
}

/** The built-in receptionist reads no transcripts. */
function modelOf(thread: CallThread | undefined): Complete | undefined {
  if (thread === undefined || thread.defaultLanguageModel.startsWith("builtin/")) return undefined;
  return thread.complete.bind(thread);
}

type Closable = { close(): Promise<void> };

/** Waits for both even when one fails, so that whichever did start is closed. */
async function startBoth<First extends Closable, Second extends Closable>(
  undo: (() => Promise<void>)[],
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  for (const started of await Promise.allSettled([first, second]))
    if (started.status === "fulfilled") undo.push(() => started.value.close());
  return Promise.all([first, second]);
}

if (import.meta.main) await main();
