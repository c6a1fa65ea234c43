/** The top-level fields of an HMS agent, each with its two ways. Those that aren't here are kept and have no effect. */
import { z } from "zod";
import { type AgentSettings, newAgentShape } from "../../agents/agent.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorField, VendorFields } from "../kit/vendor-fields.ts";
import { analysisPlanField, analysisPlanShape } from "./analysis-plan.ts";
import { llmConfigField, llmConfigShape } from "./llm-config.ts";
import { speechConfigField, speechConfigShape } from "./speech-config.ts";
import { sttConfigField, sttConfigShape } from "./stt-config.ts";
import { ttsConfigField, ttsConfigShape } from "./tts-config.ts";
import { fromHmsEvents, HMS_EVENTS, type HmsEvent, toHmsEvents } from "./webhook-events.ts";

const spoken = storableText({ max: 1000 });
const DEFAULT_MAX_DURATION_S = 600;
const BASE = newAgentShape.parse({ name: "agent" });

/** Every field that means something here, as a client may send it. Only `name` has to be there. */
export const agentFieldShapes = {
  name: storableText({ min: 1, max: 200 }).refine((name) => name.trim() !== "", "must not be empty"),
  business_name: storableText({ max: 200 }).nullable(),
  notification_email: z.email("must be an e-mail address").max(254).nullable(),
  notification_emails: z.array(z.email("must be an e-mail address").max(254)).max(5).nullable(),
  first_message: spoken.nullable(),
  is_active: z.boolean(),
  voicemail_detection: z.boolean().nullable(),
  voicemail_message: storableText({ max: 2000 }).nullable(),
  max_duration_seconds: z.number().int().min(1).max(86_400).nullable(),
  autonomous_silence_handling: z.boolean().nullable(),
  silence_timeout_seconds: z.number().int().min(10).max(3600).nullable(),
  gdpr_mode: z.boolean().nullable(),
  recording_consent: z.looseObject({ enabled: z.boolean(), message: storableText({ max: 2000 }).nullish() }).nullable(),
  llm_config: llmConfigShape.nullable(),
  stt_config: sttConfigShape.nullable(),
  tts_config: ttsConfigShape.nullable(),
  speech_config: speechConfigShape.nullable(),
  analysis_plan: analysisPlanShape.nullable(),
  webhook_url: z
    .url({ protocol: /^https?$/, error: "must be an http or https URL" })
    .max(2000)
    .nullable(),
  webhook_events: z.array(z.enum(HMS_EVENTS)).max(20).nullable(),
  webhook_secret: storableText({ min: 8, max: 500 }).nullable(),
};

/** In the order in which they are written: what rules the mode comes first, the URL before what belongs to it. */
export const agentFields: VendorFields<AgentSettings> = {
  name: {
    read: ({ name }) => name,
    write: (name: string, settings) => ({ ...settings, name }),
  },
  business_name: {
    read: ({ businessName }) => orNull(businessName),
    write: (value: string | null, settings) => ({ ...settings, businessName: value ?? "" }),
  },
  notification_email: {
    read: ({ notificationEmails: [first] }) => first ?? null,
    write: (value: string | null, settings) => {
      const [, ...others] = settings.notificationEmails;
      return { ...settings, notificationEmails: value === null ? others : [value, ...others] };
    },
  },
  notification_emails: {
    read: ({ notificationEmails }) => notificationEmails,
    write: (value: string[] | null, settings) => ({ ...settings, notificationEmails: value ?? [] }),
  },
  first_message: {
    read: ({ greeting }) => (greeting.mode === "static" ? greeting.text : null),
    write: (value: string | null, settings) => ({
      ...settings,
      greeting: value === null || value === "" ? { mode: "dynamic" } : { mode: "static", text: value },
    }),
  },
  is_active: {
    read: ({ isActive }) => isActive,
    write: (isActive: boolean, settings) => ({ ...settings, isActive }),
  },
  voicemail_detection: {
    read: ({ voicemail }) => voicemail.isDetected,
    write: (value: boolean | null, settings) => ({
      ...settings,
      voicemail: { ...settings.voicemail, isDetected: value ?? false },
    }),
  },
  voicemail_message: {
    read: ({ voicemail }) => voicemail.message ?? null,
    write: (value: string | null, settings) => {
      const { isDetected } = settings.voicemail;
      return {
        ...settings,
        voicemail: value === null || value === "" ? { isDetected } : { isDetected, message: value },
      };
    },
  },
  max_duration_seconds: {
    read: ({ maxDurationMs }) => Math.round(maxDurationMs / 1000),
    write: (value: number | null, settings) => ({
      ...settings,
      maxDurationMs: (value ?? DEFAULT_MAX_DURATION_S) * 1000,
    }),
  },
  autonomous_silence_handling: {
    read: ({ silence }) => silence.isAutonomous,
    write: (value: boolean | null, settings) => ({
      ...settings,
      silence: { ...settings.silence, isAutonomous: value ?? true },
    }),
  },
  silence_timeout_seconds: {
    read: ({ silence: { hangUpAfterMs } }) => (hangUpAfterMs === undefined ? null : Math.round(hangUpAfterMs / 1000)),
    write: (value: number | null, settings) => {
      const { hangUpAfterMs: _, ...silence } = settings.silence;
      return { ...settings, silence: value === null ? silence : { ...silence, hangUpAfterMs: value * 1000 } };
    },
  },
  gdpr_mode: {
    read: ({ isPrivate }) => isPrivate,
    write: (value: boolean | null, settings) => ({ ...settings, isPrivate: value ?? false }),
  },
  recording_consent: {
    read: ({ recordingConsent: { isAsked, message } }) => ({ enabled: isAsked, message: message ?? null }),
    write: (value: { enabled: boolean; message?: string | null } | null, settings) => {
      const message = value?.message ?? undefined;
      const isAsked = value?.enabled ?? false;
      const { isAgreementNeeded } = settings.recordingConsent;
      const said = message === undefined ? {} : { message };
      return { ...settings, recordingConsent: { isAsked, isAgreementNeeded, ...said } };
    },
  },
  llm_config: llmConfigField,
  stt_config: sttConfigField,
  tts_config: ttsConfigField,
  speech_config: speechConfigField,
  analysis_plan: analysisPlanField,
  webhook_url: {
    read: ({ webhook }) => webhook?.url ?? null,
    write: (url: string | null, { webhook, ...settings }) => {
      if (url === null) return settings;
      return { ...settings, webhook: { ...(webhook ?? newWebhook(url)), url, dialect: "hms" } };
    },
  },
  webhook_events: {
    read: ({ webhook }) => (webhook === undefined ? null : toHmsEvents(webhook.events)),
    write: (events: HmsEvent[] | null, { webhook, ...settings }) =>
      webhook === undefined ? settings : { ...settings, webhook: { ...webhook, events: fromHmsEvents(events) } },
  },
};

/** Never shown, and never kept beside the agent: the vault has it. */
export const webhookSecretField: VendorField<AgentSettings> = {
  read: () => undefined,
  write: (secret: string | null, { webhook, ...settings }) =>
    webhook === undefined || secret === null
      ? settingsWith(settings, webhook)
      : { ...settings, webhook: { ...webhook, secret } },
};

/** What an agent has that only says its name. */
export const DEFAULT_AGENT: AgentSettings = {
  ...BASE,
  greeting: { mode: "dynamic" },
  maxDurationMs: DEFAULT_MAX_DURATION_S * 1000,
  temperature: 0.7,
  silence: { ...BASE.silence, isAutonomous: true },
};

function newWebhook(url: string): NonNullable<AgentSettings["webhook"]> {
  return { url, events: fromHmsEvents(null), timeoutMs: 10_000, dialect: "hms", contextLimit: 10 };
}

function settingsWith(settings: Omit<AgentSettings, "webhook">, webhook: AgentSettings["webhook"]): AgentSettings {
  return webhook === undefined ? settings : { ...settings, webhook };
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}
