import { Agents } from "./agents.ts";
import { ApiKeys } from "./api-keys.ts";
import { Calls } from "./calls.ts";
import { Models } from "./models.ts";
import { Speech } from "./speech.ts";
import { Transcriptions } from "./transcriptions.ts";
import { type EarshotOptions, Transport } from "./transport.ts";
import { Voices } from "./voices.ts";
import { WebhookDeliveries } from "./webhook-deliveries.ts";
import { WebhookEndpoints } from "./webhook-endpoints.ts";
import { Workspaces } from "./workspaces.ts";

/**
 * Client of one Earshot server, for Node >= 20 and browsers. Every method throws EarshotError and takes RequestOptions
 * (`{ signal, timeoutMs, maxRetries, workspaceId, idempotencyKey }`) as its last argument.
 */
export class Earshot {
  readonly baseUrl: string;
  readonly agents: Agents;
  readonly calls: Calls;
  readonly webhookEndpoints: WebhookEndpoints;
  readonly webhookDeliveries: WebhookDeliveries;
  readonly workspaces: Workspaces;
  readonly apiKeys: ApiKeys;
  readonly voices: Voices;
  readonly models: Models;
  readonly speech: Speech;
  readonly transcriptions: Transcriptions;

  constructor(options: EarshotOptions = {}) {
    const transport = new Transport(options);
    this.baseUrl = transport.baseUrl;
    this.agents = new Agents(transport);
    this.calls = new Calls(transport);
    this.webhookEndpoints = new WebhookEndpoints(transport);
    this.webhookDeliveries = new WebhookDeliveries(transport);
    this.workspaces = new Workspaces(transport);
    this.apiKeys = new ApiKeys(transport);
    this.voices = new Voices(transport);
    this.models = new Models(transport);
    this.speech = new Speech(transport);
    this.transcriptions = new Transcriptions(transport);
  }
}
