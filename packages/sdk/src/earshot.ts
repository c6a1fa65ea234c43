import { Agents } from "./agents.ts";
import { AnalysisTemplates } from "./analysis-templates.ts";
import { ApiKeys } from "./api-keys.ts";
import { Calls } from "./calls.ts";
import { Campaigns } from "./campaigns.ts";
import { CarrierAccounts } from "./carrier-accounts.ts";
import { Contacts } from "./contacts.ts";
import { Conversations } from "./conversations.ts";
import { Experiments } from "./experiments.ts";
import { KnowledgeBases } from "./knowledge-bases.ts";
import { KnowledgeDocuments } from "./knowledge-documents.ts";
import { McpServers } from "./mcp-servers.ts";
import { Messages } from "./messages.ts";
import { Models } from "./models.ts";
import { OptOuts } from "./opt-outs.ts";
import { PhoneNumbers } from "./phone-numbers.ts";
import { PublicKeys } from "./public-keys.ts";
import { Secrets } from "./secrets.ts";
import { SipTrunks } from "./sip-trunks.ts";
import { Speech } from "./speech.ts";
import { TestSuites } from "./test-suites.ts";
import { ToolTemplates } from "./tool-templates.ts";
import { Transcriptions } from "./transcriptions.ts";
import { Transcripts } from "./transcripts.ts";
import { type EarshotOptions, Transport } from "./transport.ts";
import { Usage } from "./usage.ts";
import { Voices } from "./voices.ts";
import { WebhookDeliveries } from "./webhook-deliveries.ts";
import { WebhookEndpoints } from "./webhook-endpoints.ts";
import { Workflows } from "./workflows.ts";
import { Workspaces } from "./workspaces.ts";

/**
 * Client of one Earshot server, for Node >= 20 and browsers. Every method throws EarshotError and takes RequestOptions
 * (`{ signal, timeoutMs, maxRetries, workspaceId, idempotencyKey }`) as its last argument.
 */
export class Earshot {
  readonly baseUrl: string;
  readonly agents: Agents;
  readonly calls: Calls;
  readonly phoneNumbers: PhoneNumbers;
  readonly contacts: Contacts;
  readonly conversations: Conversations;
  readonly messages: Messages;
  readonly campaigns: Campaigns;
  readonly workflows: Workflows;
  readonly toolTemplates: ToolTemplates;
  readonly analysisTemplates: AnalysisTemplates;
  readonly knowledgeBases: KnowledgeBases;
  readonly knowledgeDocuments: KnowledgeDocuments;
  readonly mcpServers: McpServers;
  readonly carrierAccounts: CarrierAccounts;
  readonly optOuts: OptOuts;
  readonly publicKeys: PublicKeys;
  readonly sipTrunks: SipTrunks;
  readonly testSuites: TestSuites;
  readonly experiments: Experiments;
  readonly transcripts: Transcripts;
  readonly usage: Usage;
  readonly secrets: Secrets;
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
    this.phoneNumbers = new PhoneNumbers(transport);
    this.contacts = new Contacts(transport);
    this.conversations = new Conversations(transport);
    this.messages = new Messages(transport);
    this.campaigns = new Campaigns(transport);
    this.workflows = new Workflows(transport);
    this.toolTemplates = new ToolTemplates(transport);
    this.analysisTemplates = new AnalysisTemplates(transport);
    this.knowledgeBases = new KnowledgeBases(transport);
    this.knowledgeDocuments = new KnowledgeDocuments(transport);
    this.mcpServers = new McpServers(transport);
    this.carrierAccounts = new CarrierAccounts(transport);
    this.optOuts = new OptOuts(transport);
    this.publicKeys = new PublicKeys(transport);
    this.sipTrunks = new SipTrunks(transport);
    this.testSuites = new TestSuites(transport);
    this.experiments = new Experiments(transport);
    this.transcripts = new Transcripts(transport);
    this.usage = new Usage(transport);
    this.secrets = new Secrets(transport);
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
