import type { Embedder, ReplyPart } from "@earshot/engine";
import type { Tracer } from "@opentelemetry/api";
import type { KnownNames } from "../agents/find-warnings.ts";
import type { AgentStore } from "../agents/store.ts";
import type { ApiKeyStore } from "../api-keys/store.ts";
import type { VerifyApiKey } from "../api-keys/verify-api-key.ts";
import type { AnswerCall } from "../calls/answer-call.ts";
import type { JournalBus } from "../calls/append-entries.ts";
import type { CallControl } from "../calls/call-control.ts";
import type { ScheduleCall } from "../calls/schedule-call.ts";
import type { CallStore } from "../calls/store.ts";
import type { FindCarrierAccount } from "../carrier-accounts/find-carrier-account.ts";
import type { CarrierCallStore } from "../carrier-calls/store.ts";
import type { CarrierJobs } from "../carriers/carrier-jobs.ts";
import type { MessageCarrier } from "../carriers/message-carrier.ts";
import type { ContactStore } from "../contacts/store.ts";
import type { ConversationStore } from "../conversations/store.ts";
import type { Webhooks } from "../deliveries/webhooks.ts";
import type { DocumentStore } from "../documents/store.ts";
import type { HealthSource } from "../health/check-health.ts";
import type { IdempotencyStore } from "../idempotency/store.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { CarrierDesk } from "../legs/carriers/carrier-desk.ts";
import type { FindMcpServers } from "../mcp-servers/find-mcp-servers.ts";
import type { MessageStore } from "../messages/store.ts";
import type { CompletionRequest } from "../models/completion-request.ts";
import type { ListedModel } from "../models/model.ts";
import type { OptOutStore } from "../opt-outs/store.ts";
import type { UrlGuard } from "../outbound-http/guard-url.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { Recordings } from "../recordings/recordings.ts";
import type { ProviderSecretStore } from "../secrets/store.ts";
import type { Vault } from "../secrets/vault.ts";
import type { TrunkWatch } from "../sip-trunks/trunk-status.ts";
import type { Speech } from "../speech/speech.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { FetchAudio } from "../transcripts/fetch-audio.ts";
import type { UsageStore } from "../usage/store.ts";
import type { ListedVoice } from "../voices/voice.ts";
import type { WallClock } from "../wall-clock.ts";
import type { FindVoiceTurns } from "../webhooks/find-voice-turns.ts";
import type { WorkspaceStore } from "../workspaces/store.ts";

/** What the HTTP surfaces need; everything can be replaced in a test. */
export type AppDeps = {
  readonly agents: AgentStore;
  readonly calls: CallStore;
  readonly apiKeys: ApiKeyStore;
  readonly workspaces: WorkspaceStore;
  readonly documents: DocumentStore;
  readonly phoneNumbers: PhoneNumberStore;
  readonly contacts: ContactStore;
  readonly conversations: ConversationStore;
  readonly messages: MessageStore;
  readonly messageCarrier: MessageCarrier;
  readonly optOuts: OptOutStore;
  readonly findCarrierAccount: FindCarrierAccount;
  readonly carrierJobs: CarrierJobs;
  /** For requests to carriers. */
  readonly carrierGuard: UrlGuard;
  readonly carrierCalls: CarrierCallStore;
  /** Absent: no calls come or go through carriers. */
  readonly carrierDesk?: Pick<CarrierDesk, "receive">;
  readonly secrets: ProviderSecretStore;
  readonly usage: UsageStore;
  readonly fetchAudio: FetchAudio;
  readonly knowledge: Knowledge;
  readonly idempotency: IdempotencyStore;
  readonly vault: Vault;
  readonly webhooks: Webhooks;
  readonly verifyApiKey: VerifyApiKey;
  readonly bus: JournalBus;
  readonly control: CallControl;
  readonly findVoiceTurns: FindVoiceTurns;
  readonly findMcpServers: FindMcpServers;
  readonly answerCall: AnswerCall;
  /** Keeps calls until their time; absent: there are no scheduled calls. */
  readonly schedule?: ScheduleCall;
  /** Looks after the SIP trunks; absent: there are no telephone calls. */
  readonly trunkWatch?: TrunkWatch;
  readonly speech: Speech;
  /** Asks one of the node's language models; rejects with ProviderError. */
  readonly complete: (request: CompletionRequest, signal: AbortSignal) => AsyncIterable<ReplyPart>;
  /** Turns texts into vectors; absent: there is no such model. */
  readonly embedder?: Embedder;
  readonly listVoices: () => readonly ListedVoice[];
  readonly listModels: () => readonly ListedModel[];
  readonly healthSources: readonly HealthSource[];
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly clock: WallClock;
  readonly nodeId: string;
  readonly dataDirectory: string;
  /** Only this machine can connect: the page needs no key, and other hosts' names are refused. */
  readonly isLoopback: boolean;
  /** Where the dashboard was built to; need not exist. */
  readonly pageDirectory: string;
  readonly recordings: Recordings;
  /** Of the scripts that pages elsewhere load. */
  readonly webDirectory: string;
  /** Where others reach this server, without a slash at the end; absent = as each request says. */
  readonly publicUrl: string | undefined;
  /** Addresses and CIDR ranges of proxies that say truly for whom they ask. */
  readonly trustedProxies: readonly string[];
  /** Requests a minute that one key, or the page, may send; absent = no limit. */
  readonly rateLimit: number | undefined;
  /** Whether a voice or a model of this name can be used. */
  readonly knows: KnownNames;
};
