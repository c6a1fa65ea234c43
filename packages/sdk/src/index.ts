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
export type { ApiKey, ApiKeys, CreatedApiKey, NewApiKey } from "./api-keys.ts";
export { type AudioSamples, CallAudio, type CallAudioHandlers } from "./call-audio.ts";
export type { JournalEntry } from "./call-events.ts";
export type { Call, CallListItem, CallQuery, CallStatus, Calls, CreatedCall, NewCall, NewPhoneCall } from "./calls.ts";
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
export type { Model, Models } from "./models.ts";
export { type Page, PageOf, type PageQuery } from "./page.ts";
export type { Collection, ReadableResource, Resource, Shapes } from "./resource.ts";
export type { SayRequest, Speech } from "./speech.ts";
export type { Timing } from "./timing.ts";
export type { Transcription, Transcriptions } from "./transcriptions.ts";
export type { EarshotOptions, RequestOptions } from "./transport.ts";
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
export type { NewWorkspace, Workspace, WorkspacePatch, Workspaces } from "./workspaces.ts";
