import { agentNoun } from "../agents/agent-noun.ts";
import { analysisTemplateNoun } from "../analysis-templates/analysis-template-noun.ts";
import { apiKeyNoun } from "../api-keys/api-key-noun.ts";
import { callNoun } from "../calls/call-noun.ts";
import { campaignNoun } from "../campaigns/campaign-noun.ts";
import { leadNoun } from "../campaigns/lead-noun.ts";
import { carrierAccountNoun } from "../carrier-accounts/carrier-account-noun.ts";
import { contactNoun } from "../contacts/contact-noun.ts";
import { conversationNoun } from "../conversations/conversation-noun.ts";
import { experimentNoun } from "../experiments/experiment-noun.ts";
import { knowledgeBaseNoun } from "../knowledge/knowledge-base-noun.ts";
import { knowledgeDocumentNoun } from "../knowledge/knowledge-document-noun.ts";
import { mcpServerNoun } from "../mcp-servers/mcp-server-noun.ts";
import { messageNoun } from "../messages/message-noun.ts";
import { modelNoun } from "../models/model-noun.ts";
import { optOutNoun } from "../opt-outs/opt-out-noun.ts";
import { phoneNumberNoun } from "../phone-numbers/phone-number-noun.ts";
import { publicKeyNoun } from "../public-keys/public-key-noun.ts";
import { recordingNoun } from "../recordings/recording-noun.ts";
import { secretNoun } from "../secrets/secret-noun.ts";
import { sipTrunkNoun } from "../sip-trunks/sip-trunk-noun.ts";
import { testRunNoun } from "../test-suites/test-run-noun.ts";
import { testSuiteNoun } from "../test-suites/test-suite-noun.ts";
import { toolTemplateNoun } from "../tool-templates/tool-template-noun.ts";
import { transcriptNoun } from "../transcripts/transcript-noun.ts";
import { usageNoun } from "../usage/usage-noun.ts";
import { voiceNoun } from "../voices/voice-noun.ts";
import { webhookDeliveryNoun } from "../webhooks/webhook-delivery-noun.ts";
import { webhookEndpointNoun } from "../webhooks/webhook-endpoint-noun.ts";
import { workflowNoun } from "../workflows/workflow-noun.ts";
import { workspaceNoun } from "../workspaces/workspace-noun.ts";
import type { Noun } from "./noun.ts";

/** In the order in which help shows them. */
export const nouns: readonly Noun[] = [
  agentNoun,
  callNoun,
  recordingNoun,
  phoneNumberNoun,
  messageNoun,
  optOutNoun,
  conversationNoun,
  contactNoun,
  campaignNoun,
  leadNoun,
  workflowNoun,
  toolTemplateNoun,
  analysisTemplateNoun,
  mcpServerNoun,
  knowledgeBaseNoun,
  knowledgeDocumentNoun,
  testSuiteNoun,
  testRunNoun,
  experimentNoun,
  transcriptNoun,
  voiceNoun,
  modelNoun,
  carrierAccountNoun,
  publicKeyNoun,
  sipTrunkNoun,
  secretNoun,
  webhookEndpointNoun,
  webhookDeliveryNoun,
  workspaceNoun,
  apiKeyNoun,
  usageNoun,
];
