import type { Embedder } from "@earshot/engine";
import { seedAgents } from "./agents/seed-agents.ts";
import { createAgentStore } from "./agents/store.ts";
import { createFirstApiKey } from "./api-keys/create-api-key.ts";
import { createApiKeyStore } from "./api-keys/store.ts";
import { createApiKeyVerifier } from "./api-keys/verify-api-key.ts";
import { TopicBus } from "./bus/topic-bus.ts";
import { toolPayloads } from "./call-thread/tool-payloads.ts";
import { createAnswerCall } from "./calls/answer-call.ts";
import type { JournalBus } from "./calls/append-entries.ts";
import type { Complete } from "./calls/ask-of-transcript.ts";
import type { CloseCallDeps } from "./calls/close-call.ts";
import { closeOrphans } from "./calls/close-orphans.ts";
import { createFindValues } from "./calls/find-values.ts";
import { finishCall } from "./calls/finish-call.ts";
import type { ScheduleCall, ScheduledRequest } from "./calls/schedule-call.ts";
import { createCallStore } from "./calls/store.ts";
import { createFindCarrierAccount } from "./carrier-accounts/find-carrier-account.ts";
import { CARRIER_CALLS_LAST_MS, createCarrierCallStore } from "./carrier-calls/store.ts";
import type { CarrierJobs } from "./carriers/carrier-jobs.ts";
import { createLocalCarrier } from "./carriers/local-carrier.ts";
import type { Config } from "./config.ts";
import { createContactStore } from "./contacts/store.ts";
import { createConversationStore } from "./conversations/store.ts";
import { expireDeliveries } from "./deliveries/expire-deliveries.ts";
import { createWebhooks } from "./deliveries/webhooks.ts";
import { createAskAssistant } from "./dialects/hms/assistant-request.ts";
import { createWebhookDialects } from "./dialects/webhook-dialects.ts";
import { createDocumentStore } from "./documents/store.ts";
import { databaseHealth, diskHealth } from "./health/health-sources.ts";
import { IDEMPOTENCY_LASTS_MS } from "./idempotency/lasting.ts";
import { createIdempotencyStore } from "./idempotency/store.ts";
import { type Jobs, startJobs } from "./jobs/start-jobs.ts";
import { createKnowledge } from "./knowledge/knowledge.ts";
import { lookUp } from "./knowledge/look-up.ts";
import { MAX_CONTENT_BYTES } from "./knowledge/read-content.ts";
import { createKnowledgeStore } from "./knowledge/store.ts";
import { workThrough } from "./knowledge/work-through.ts";
import { createFindMcpServers } from "./mcp-servers/find-mcp-servers.ts";
import type { McpEndpoint } from "./mcp-servers/mcp-connection.ts";
import { MAX_MCP_BYTES, McpConnections } from "./mcp-servers/mcp-connections.ts";
import { createConversationSource } from "./messages/conversation-source.ts";
import { deliverMessage } from "./messages/deliver-message.ts";
import { createMessageStore } from "./messages/store.ts";
import { answerMessage } from "./messaging/answer-message.ts";
import { newId } from "./new-id.ts";
import { createNodeStore } from "./nodes/store.ts";
import { watchNodes } from "./nodes/watch-nodes.ts";
import { createOptOutStore } from "./opt-outs/store.ts";
import { createUrlGuard } from "./outbound-http/guard-url.ts";
import { confirmOrder } from "./phone-numbers/buy-phone-number.ts";
import { createPhoneNumberStore } from "./phone-numbers/store.ts";
import { expireRecordings } from "./recordings/expire-recordings.ts";
import { openRecordings } from "./recordings/open-recordings.ts";
import { createFindRecordingFormat } from "./recordings/plan-recording.ts";
import { createProviderSecretStore } from "./secrets/store.ts";
import { createVault, toVaultKey } from "./secrets/vault.ts";
import { readVaultKeyFile } from "./secrets/vault-key-file.ts";
import { type Database, openDatabase } from "./storage/database.ts";
import { tidyDatabase } from "./storage/tidy-database.ts";
import type { Log } from "./telemetry/log.ts";
import { startTelemetry, type Telemetry } from "./telemetry/telemetry.ts";
import { traceCall } from "./telemetry/trace-call.ts";
import { createFetchAudio, MAX_AUDIO_BYTES } from "./transcripts/fetch-audio.ts";
import { createUsageStore } from "./usage/store.ts";
import { pause, type WallClock } from "./wall-clock.ts";
import { createLoad } from "./webhooks/create-load.ts";
import { createFindVoiceTurns } from "./webhooks/find-voice-turns.ts";
import { createOutbox } from "./webhooks/outbox.ts";
import { createWorkspaceStore } from "./workspaces/store.ts";

const UNFINISHED_AT_ONCE = 1000;
/** Of a journal's delay nobody notices so much; a hundred calls have their entries stored by a quarter of the statements. */
const GATHER_ENTRIES_MS = 90;
/** They count for two days at most. */
const LEGS_LAST_MS = 7 * 86_400_000;
const SCHEDULED_CALL = "scheduled call";

/**
 * Opens the database, closes the calls that a crash left open, and starts the jobs. The data directory is ours already.
 * @param options `countLiveCalls`: asked for by the metrics
 * @throws StartupError with what is wrong and what to do
 */
export async function startServices(options: {
  readonly config: Config;
  readonly log: Log;
  readonly clock: WallClock;
  readonly countLiveCalls: () => number;
  /** A language model of the node that can write JSON; undefined when there is none, or none yet. */
  readonly complete?: () => Complete | undefined;
  /** Asks any language model of the node, the built-in one too; undefined when there is none yet. */
  readonly converse?: () => Complete | undefined;
  /** Resolves once the node's models are there. */
  readonly embedder?: Promise<Embedder | undefined>;
}) {
  const { config, log, clock } = options;
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).toReversed())
      await step().catch((error: unknown) => log.error({ err: error }, "closing a service failed"));
  };
  try {
    const database: Database = await openDatabase(config);
    undo.push(() => database.close());

    const nodeId = newId("node", clock.now().getTime());
    const telemetry: Telemetry = await startTelemetry({
      endpoint: config.telemetryEndpoint,
      nodeId,
      countLiveCalls: options.countLiveCalls,
    });
    undo.push(() => telemetry.close());
    const guard = createUrlGuard({ allow: config.allowPrivateUrls });
    undo.push(() => guard.close());
    const audioGuard = createUrlGuard({ allow: config.allowPrivateUrls, maxResponseBytes: MAX_AUDIO_BYTES });
    undo.push(() => audioGuard.close());
    const bus: JournalBus = new TopicBus();
    undo.push(async () => bus.close());

    const { secretKey, dataDirectory } = config;
    const vault = createVault(secretKey === undefined ? await readVaultKeyFile(dataDirectory) : toVaultKey(secretKey));
    const waking: { dispatcher?: () => void } = {};
    const outbox = createOutbox({ wake: () => waking.dispatcher?.() });
    const agents = createAgentStore(database, vault, outbox);
    const idempotency = createIdempotencyStore(database);
    const calls = createCallStore(database, outbox, () => pause(clock, GATHER_ENTRIES_MS));
    const contacts = createContactStore(database);
    const documents = createDocumentStore(database);
    const apiKeys = createApiKeyStore(database);
    const phoneNumbers = createPhoneNumberStore(database);
    const conversations = createConversationStore(database);
    const messages = createMessageStore(database, outbox);
    const workspaces = createWorkspaceStore(database);
    const {
      recordings,
      keeper,
      store: recordingStore,
      close: closeRecordings,
    } = await openRecordings({ config, database, clock, log });
    undo.push(closeRecordings);
    const { metrics, tracer } = telemetry;
    const webhooks = createWebhooks({
      ...{ database, vault, clock, guard, dialects: createWebhookDialects({ ...config, vault, clock, recordings }) },
      load: createLoad({
        calls,
        agents,
        contacts,
        conversations: createConversationSource({ conversations, messages }),
      }),
    });
    waking.dispatcher = webhooks.wake;
    undo.push(() => webhooks.close());

    const pageGuard = createUrlGuard({ allow: config.allowPrivateUrls, maxResponseBytes: MAX_CONTENT_BYTES });
    undo.push(() => pageGuard.close());
    const working: { jobs?: Jobs } = {};
    const knowledge = createKnowledge({
      ...{ documents, clock, guard: pageGuard, store: createKnowledgeStore(database) },
      embedder: options.embedder ?? Promise.resolve(undefined),
      enqueue: async (documentId) => working.jobs?.enqueueDocument(documentId),
    });
    const { retentionDays } = config;
    const scheduling: { place?: (callId: string, request: ScheduledRequest) => Promise<void> } = {};
    const schedule: ScheduleCall = async (callId, request, at) => {
      const sealed = vault.seal(JSON.stringify(request), SCHEDULED_CALL);
      await working.jobs?.enqueueScheduledCall({ callId, sealed }, at);
    };
    const findValues = createFindValues({
      agents,
      complete: options.complete ?? (() => undefined),
      onError: (error) => log.warn({ error: String(error) }, "variables could not be read from a transcript"),
    });
    const carrierCalls = createCarrierCallStore(database);
    const carrierJobs: CarrierJobs = {
      confirmOrder: async (orderId) => working.jobs?.carrier.confirmOrder(orderId),
      sendMessage: async (messageId) => working.jobs?.carrier.sendMessage(messageId),
      answerMessage: async (messageId) => working.jobs?.carrier.answerMessage(messageId),
    };
    const findCarrierAccount = createFindCarrierAccount({ documents, vault });
    const messageCarrier = createLocalCarrier(phoneNumbers);
    const optOuts = createOptOutStore(database);
    const findMcpServers = createFindMcpServers({ documents, vault, clock });
    const mcpGuard = createUrlGuard({ allow: config.allowPrivateUrls, maxResponseBytes: MAX_MCP_BYTES });
    undo.push(() => mcpGuard.close());
    const mcpConnections = new McpConnections({ guard: mcpGuard, clock });
    undo.push(() => mcpConnections.close());
    const carrierDeps = {
      ...{ documents, phoneNumbers, agents, messages, conversations, optOuts, messageCarrier },
      ...{ findCarrierAccount, carrierGuard: guard, carrierJobs, vault, clock, publicUrl: config.publicUrl },
      complete: options.converse ?? (() => undefined),
      findMcpServers,
      connectMcp: (endpoint: McpEndpoint) => mcpConnections.get(endpoint),
      toolsOf: (workspaceId: string) => ({
        ...{ guard, clock, secret: config.webhookSecret, payloads: toolPayloads },
        lookUp: (wanted: { readonly baseIds: readonly string[]; readonly query: string }) =>
          lookUp(knowledge, { ...wanted, workspaceId }),
      }),
    };
    const jobs: Jobs = await startJobs({
      database,
      log,
      handlers: {
        carrier: {
          confirmOrder: (orderId) => confirmOrder(carrierDeps, orderId),
          sendMessage: (messageId) => deliverMessage(carrierDeps, messageId),
          answerMessage: (messageId) => answerMessage(carrierDeps, messageId),
        },
        async placeScheduledCall({ callId, sealed }) {
          if (scheduling.place === undefined) throw new Error("the calls of this node are not ready yet");
          await scheduling.place(callId, JSON.parse(vault.open(sealed, SCHEDULED_CALL)));
        },
        workThrough: (documentId) => workThrough(knowledge, documentId),
        async finishCall(callId) {
          const turns = await finishCall(calls, callId, findValues);
          const call = await calls.findAnywhere(callId);
          if (turns === undefined || call === undefined) return;
          for (const { responseMs } of turns) metrics.turnAnswered(responseMs);
          traceCall(tracer, call, turns);
        },
        async expireIdempotency() {
          await idempotency.expire(clock.at(clock.now().getTime() - IDEMPOTENCY_LASTS_MS));
        },
        async expireDeliveries() {
          await expireDeliveries({ ...webhooks, clock });
        },
        async expireRecordings() {
          const onError = (error: unknown) => log.warn({ err: error }, "a recording that has expired can't be deleted");
          const wanted = { dataDirectory, store: recordingStore, recordings, retentionDays, clock, onError };
          const deleted = await expireRecordings(wanted);
          if (deleted > 0) log.info({ deleted }, "expired recordings deleted");
        },
        async tidy() {
          const nowMs = clock.now().getTime();
          await carrierCalls.expire(clock.at(nowMs - CARRIER_CALLS_LAST_MS));
          await calls.expireLegs(clock.at(nowMs - LEGS_LAST_MS));
          const longestMs = await tidyDatabase({ database, clock });
          log.debug({ longestMs }, "the database is tidy");
        },
      },
    });
    undo.push(() => jobs.close());
    working.jobs = jobs;

    const closing: CloseCallDeps = {
      calls,
      clock,
      async onEnded(callId, reason) {
        metrics.callEnded(reason);
        log.info({ callId, reason }, "call ended");
        keeper.keep(callId);
        await jobs.enqueueFinishCall(callId);
      },
    };
    const orphans = async (nodeIds?: readonly string[]) => {
      const closed = await closeOrphans(closing, nodeIds);
      if (closed > 0) log.warn({ calls: closed }, "calls that a crash left open were closed");
    };
    if (database.kind === "embedded") await orphans();
    else {
      const signOff = await watchNodes({
        nodes: createNodeStore(database),
        clock,
        nodeId,
        onDead: orphans,
        onError: (error) => log.error({ err: error }, "heartbeat failed"),
      });
      undo.push(signOff);
    }
    await keeper.start({ isAlone: database.kind === "embedded" });
    for (const callId of await calls.listUnfinished(UNFINISHED_AT_ONCE)) await jobs.enqueueFinishCall(callId);
    for (const id of await messages.listQueued(UNFINISHED_AT_ONCE)) await carrierJobs.sendMessage(id);

    await webhooks.start({
      isAlone: database.kind === "embedded",
      onError: (error) => log.error({ err: error }, "delivering webhooks failed"),
    });
    if (await seedAgents({ agents, clock })) log.debug("example agents created");

    return {
      nodeId,
      database,
      agents,
      calls,
      apiKeys,
      workspaces,
      recordings,
      findRecordingFormat: createFindRecordingFormat(workspaces, config.recordingFormat),
      documents,
      phoneNumbers,
      conversations,
      messages,
      ...{ messageCarrier, optOuts, findCarrierAccount, carrierJobs },
      carrierGuard: guard,
      carrierCalls,
      secrets: createProviderSecretStore(database),
      usage: createUsageStore(database),
      contacts,
      knowledge,
      fetchAudio: createFetchAudio(audioGuard),
      idempotency,
      vault,
      verifyApiKey: createApiKeyVerifier({ store: apiKeys, clock, configuredKey: config.apiKey }),
      /** To be shown once, and never again: for when nothing can keep the node from starting any more. */
      createFirstApiKey: async () =>
        config.apiKey === undefined ? (await createFirstApiKey(apiKeys, clock))?.key : undefined,
      findMcpServers,
      findVoiceTurns: createFindVoiceTurns({ endpoints: webhooks.endpoints, vault, clock }),
      answerCall: createAnswerCall(
        agents,
        createAskAssistant({ guard, clock, agents, vault, endpoints: webhooks.endpoints }),
      ),
      bus,
      jobs,
      schedule,
      /** What places scheduled calls, once it is there. */
      scheduling,
      telemetry,
      /** What `closeCall` needs. */
      closing,
      webhooks,
      healthSources: [databaseHealth(database), diskHealth(config.dataDirectory, config.minFreeDiskBytes)],
      /** Ends everything in the opposite order. Idempotent. */
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
