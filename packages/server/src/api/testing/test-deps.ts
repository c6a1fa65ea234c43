import type { Embedder } from "@earshot/engine";
import { trace } from "@opentelemetry/api";
import { createAgentStore } from "../../agents/store.ts";
import { createApiKeyStore } from "../../api-keys/store.ts";
import { createApiKeyVerifier } from "../../api-keys/verify-api-key.ts";
import { TopicBus } from "../../bus/topic-bus.ts";
import { createAnswerCall } from "../../calls/answer-call.ts";
import { createIdleCallControl } from "../../calls/call-control.ts";
import { createCallStore } from "../../calls/store.ts";
import { createFindCarrierAccount } from "../../carrier-accounts/find-carrier-account.ts";
import { createCarrierCallStore } from "../../carrier-calls/store.ts";
import { createLocalCarrier } from "../../carriers/local-carrier.ts";
import { createContactStore } from "../../contacts/store.ts";
import { createConversationStore } from "../../conversations/store.ts";
import { createWebhooks } from "../../deliveries/webhooks.ts";
import { createWebhookDialects } from "../../dialects/webhook-dialects.ts";
import { createDocumentStore } from "../../documents/store.ts";
import { databaseHealth } from "../../health/health-sources.ts";
import type { AppDeps } from "../../http/app-deps.ts";
import { createIdempotencyStore } from "../../idempotency/store.ts";
import { createKnowledge, type Knowledge } from "../../knowledge/knowledge.ts";
import { MAX_CONTENT_BYTES } from "../../knowledge/read-content.ts";
import { createKnowledgeStore } from "../../knowledge/store.ts";
import { workThrough } from "../../knowledge/work-through.ts";
import { createConversationSource } from "../../messages/conversation-source.ts";
import { createMessageStore } from "../../messages/store.ts";
import { createOptOutStore } from "../../opt-outs/store.ts";
import { createUrlGuard } from "../../outbound-http/guard-url.ts";
import { createPhoneNumberStore } from "../../phone-numbers/store.ts";
import { createRecordings } from "../../recordings/recordings.ts";
import { createRecordingStore } from "../../recordings/store.ts";
import { createProviderSecretStore } from "../../secrets/store.ts";
import { createVault, toVaultKey } from "../../secrets/vault.ts";
import type { Database } from "../../storage/database.ts";
import { createLog } from "../../telemetry/log.ts";
import { createMetrics } from "../../telemetry/metrics.ts";
import { createFetchAudio } from "../../transcripts/fetch-audio.ts";
import { createUsageStore } from "../../usage/store.ts";
import { systemWallClock, type WallClock } from "../../wall-clock.ts";
import { createLoad } from "../../webhooks/create-load.ts";
import { createWorkspaceStore } from "../../workspaces/store.ts";

export const TEST_KEY = "a-key-for-tests-only";

/** Works documents through at once. */
function testKnowledge(database: Database, clock: WallClock, embedder: Embedder | undefined): Knowledge {
  const knowledge: Knowledge = createKnowledge({
    ...{ documents: createDocumentStore(database), store: createKnowledgeStore(database), clock },
    guard: createUrlGuard({ allow: ["127.0.0.1"], maxResponseBytes: MAX_CONTENT_BYTES }),
    embedder: Promise.resolve(embedder),
    enqueue: (documentId) => workThrough(knowledge, documentId),
  });
  return knowledge;
}

/** The API's needs on a real database, with speech that echoes; `overrides` replaces what a test is about. */
export function testDeps(database: Database, overrides: Partial<AppDeps> = {}): AppDeps {
  const clock = overrides.clock ?? systemWallClock;
  const apiKeys = createApiKeyStore(database);
  const phoneNumbers = createPhoneNumberStore(database);
  const vault = createVault(toVaultKey("for tests only"));
  const agents = createAgentStore(database, vault);
  const calls = createCallStore(database);
  const contacts = createContactStore(database);
  const conversations = createConversationStore(database);
  const documents = createDocumentStore(database);
  const messages = createMessageStore(database);
  const { dataDirectory = "/nowhere" } = overrides;
  const recordings = createRecordings({ dataDirectory, store: createRecordingStore(database) });
  return {
    agents,
    calls,
    apiKeys,
    workspaces: createWorkspaceStore(database),
    documents,
    phoneNumbers,
    conversations,
    messages,
    messageCarrier: createLocalCarrier(phoneNumbers),
    optOuts: createOptOutStore(database),
    findCarrierAccount: createFindCarrierAccount({ documents, vault }),
    carrierJobs: { confirmOrder: async () => {}, sendMessage: async () => {}, answerMessage: async () => {} },
    carrierCalls: createCarrierCallStore(database),
    carrierGuard: createUrlGuard({ allow: ["127.0.0.1"] }),
    secrets: createProviderSecretStore(database),
    usage: createUsageStore(database),
    contacts,
    knowledge: testKnowledge(database, clock, overrides.embedder),
    fetchAudio: createFetchAudio(createUrlGuard({ allow: ["127.0.0.1"] })),
    idempotency: createIdempotencyStore(database),
    vault,
    webhooks: createWebhooks({
      ...{ database, vault, clock, guard: createUrlGuard({ allow: ["127.0.0.1"] }) },
      load: createLoad({
        calls,
        agents,
        contacts,
        conversations: createConversationSource({ conversations, messages }),
      }),
      dialects: createWebhookDialects({ publicUrl: undefined, vault, clock, recordings }),
    }),
    verifyApiKey: createApiKeyVerifier({ store: apiKeys, clock, configuredKey: TEST_KEY }),
    bus: new TopicBus(),
    control: createIdleCallControl(),
    findVoiceTurns: async () => undefined,
    findMcpServers: async () => ({}),
    answerCall: createAnswerCall(agents),
    speech: {
      say: async ({ text }) => new TextEncoder().encode(text),
      transcribe: async (wav) => ({ text: `${wav.length} bytes`, durationMs: 0, modelMs: 0, model: "echo" }),
    },
    async *complete() {
      yield { type: "text", text: "Hello." };
    },
    listVoices: () => [{ id: "flite:slt", name: "Slt", language: "en-US", isDefault: true }],
    listModels: () => [{ name: "builtin/receptionist", kind: "language-model", isDefault: true, reason: "no key" }],
    healthSources: [databaseHealth(database)],
    metrics: createMetrics({ countLiveCalls: () => 0 }),
    tracer: trace.getTracer("test"),
    log: createLog("silent"),
    clock,
    nodeId: "node_test",
    dataDirectory,
    recordings,
    isLoopback: true,
    pageDirectory: "/nowhere",
    webDirectory: "/nowhere",
    rateLimit: undefined,
    trustedProxies: ["127.0.0.1"],
    publicUrl: undefined,
    knows: {
      voice: (id) => id === "flite:slt",
      model: (name) => name === "builtin/receptionist",
      realtime: () => false,
    },
    ...overrides,
  };
}
