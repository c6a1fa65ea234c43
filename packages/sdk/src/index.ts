export type {
  Agent,
  AgentDifference,
  AgentPatch,
  AgentQuery,
  AgentSettings,
  Agents,
  AgentVersion,
  NewAgent,
} from "./agents.ts";
export type {
  AnalysisTemplate,
  AnalysisTemplatePatch,
  AnalysisTemplates,
  NewAnalysisTemplate,
} from "./analysis-templates.ts";
export type { ApiKey, ApiKeys, CreatedApiKey, NewApiKey } from "./api-keys.ts";
export { type AudioSamples, CallAudio, type CallAudioHandlers } from "./call-audio.ts";
export type { JournalEntry } from "./call-events.ts";
export type {
  Call,
  CallExport,
  CallListItem,
  CallQuery,
  CallStatus,
  Calls,
  CreatedCall,
  NewCall,
  NewPhoneCall,
  NewReplay,
  NewWebCall,
  RecordingLink,
  Replay,
  WebCallAccess,
} from "./calls.ts";
export type { Campaign, CampaignPatch, Campaigns, NewCampaign } from "./campaigns.ts";
export type {
  CarrierAccount,
  CarrierAccountCheck,
  CarrierAccountPatch,
  CarrierAccounts,
  NewCarrierAccount,
} from "./carrier-accounts.ts";
export type { Contact, ContactPatch, ContactQuery, Contacts, NewContact } from "./contacts.ts";
export type {
  Conversation,
  ConversationMessageQuery,
  ConversationPatch,
  ConversationQuery,
  Conversations,
  ConversationWithMessages,
  OpenConversation,
} from "./conversations.ts";
export { Earshot } from "./earshot.ts";
export {
  AuthenticationError,
  ConflictError,
  ConnectionError,
  EarshotError,
  type EarshotErrorDetails,
  type FieldError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
} from "./earshot-error.ts";
export type { Experiment, ExperimentPatch, Experiments, NewExperiment } from "./experiments.ts";
export type {
  KnowledgeBase,
  KnowledgeBasePatch,
  KnowledgeBases,
  KnowledgePassage,
  KnowledgeSearch,
  NewKnowledgeBase,
} from "./knowledge-bases.ts";
export type {
  KnowledgeDocument,
  KnowledgeDocumentQuery,
  KnowledgeDocuments,
  KnowledgeFile,
  NewKnowledgeDocument,
} from "./knowledge-documents.ts";
export type { Lead, LeadPatch, Leads, NewLead } from "./leads.ts";
export type { McpServer, McpServerPatch, McpServers, NewMcpServer } from "./mcp-servers.ts";
export type { Message, MessageQuery } from "./message-page.ts";
export type { Messages, NewMessage, Reaction } from "./messages.ts";
export type { Model, Models } from "./models.ts";
export type { NewOptOut, OptOut, OptOuts } from "./opt-outs.ts";
export { type Page, PageOf, type PageQuery } from "./page.ts";
export type {
  AddedPhoneNumbers,
  AvailablePhoneNumber,
  NewPhoneNumber,
  PhoneNumber,
  PhoneNumberImport,
  PhoneNumberPatch,
  PhoneNumberPurchase,
  PhoneNumberQuery,
  PhoneNumberRange,
  PhoneNumbers,
} from "./phone-numbers.ts";
export type { NewPublicKey, PublicKey, PublicKeyPatch, PublicKeys } from "./public-keys.ts";
export type { Collection, ReadableResource, Resource, Shapes, WritableResource } from "./resource.ts";
export type {
  NewProviderSecret,
  ProviderSecret,
  ProviderSecretPatch,
  ProviderSecretQuery,
  Secrets,
} from "./secrets.ts";
export type { NewSipTrunk, SipTrunk, SipTrunkPatch, SipTrunks } from "./sip-trunks.ts";
export type { SayRequest, Speech } from "./speech.ts";
export type { NewTestSuite, TestRun, TestSuite, TestSuitePatch, TestSuites } from "./test-suites.ts";
export type { Timing } from "./timing.ts";
export type { NewToolTemplate, ToolTemplate, ToolTemplatePatch, ToolTemplates } from "./tool-templates.ts";
export type { Transcription, Transcriptions } from "./transcriptions.ts";
export type { NewTranscript, Transcript, Transcripts } from "./transcripts.ts";
export type { EarshotOptions, RequestOptions } from "./transport.ts";
export type { AgentUsage, NumberUsage, Usage, UsageByAgent, UsagePeriod, UsageTotals } from "./usage.ts";
export type { Voice, Voices } from "./voices.ts";
export type {
  WebhookDeliveries,
  WebhookDelivery,
  WebhookDeliveryListItem,
  WebhookDeliveryQuery,
  WebhookDeliveryStats,
} from "./webhook-deliveries.ts";
export type {
  NewWebhookEndpoint,
  WebhookEndpoint,
  WebhookEndpointPatch,
  WebhookEndpointQuery,
  WebhookEndpoints,
  WebhookEndpointWithSecret,
  WebhookTestResult,
} from "./webhook-endpoints.ts";
export {
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookEvent,
  type WebhookEventType,
  type WebhookFault,
  type WebhookHeaders,
  WebhookVerificationError,
  webhookDeliveryId,
} from "./webhooks.ts";
export type { NewWorkflow, Workflow, WorkflowPatch, Workflows } from "./workflows.ts";
export type { NewWorkspace, Workspace, WorkspacePatch, Workspaces } from "./workspaces.ts";
