/** The one reader of the environment: every setting of the server, validated once. */
import { resolve } from "node:path";
import { z } from "zod";
import { isAddressRange } from "./address-range.ts";
import { StartupError } from "./app-error.ts";
import { RECORDING_FORMATS, type RecordingFormat } from "./recordings/recording-format.ts";
import type { S3Settings } from "./recordings/s3-settings.ts";
import { s3Environment, toS3 } from "./s3-config.ts";
import { httpUrl, url } from "./setting-url.ts";
import { type SpeechModels, speechEnvironment } from "./speech-config.ts";
import { toWebRtc, type WebRtcConfig, webRtcEnvironment } from "./web-rtc-config.ts";

export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

/** Settings of one node, read by `readConfig`; `configVariables` lists where each comes from. */
export type Config = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absolute path. Holds the embedded database, recordings and models. */
  readonly dataDirectory: string;
  /** A Postgres server; absent = the embedded database in the data directory. */
  readonly databaseUrl: string | undefined;
  /** The API key to accept; absent = a first key is made at the first start and shown once. */
  readonly apiKey: string | undefined;
  readonly logLevel: LogLevel;
  /** Recordings older than this are deleted daily; absent = kept for ever. */
  readonly retentionDays: number | undefined;
  /** How long a shutdown waits for calls to finish. */
  readonly shutdownTimeoutMs: number;
  /** Calls that one node takes at once; more are refused with `too_many_calls`. */
  readonly maxCalls: number;
  /** Hosts, addresses or CIDR ranges that webhooks may reach although they are private. */
  readonly allowPrivateUrls: readonly string[];
  /** Where others reach this server, without a slash at the end; absent = as each request says. */
  readonly publicUrl: string | undefined;
  /** Addresses or CIDR ranges of proxies that say truly for whom they ask. */
  readonly trustedProxies: readonly string[];
  /** Below this the node takes no more calls. */
  readonly minFreeDiskBytes: number;
  /** Signs the requests of webhook tools; absent = they go unsigned. */
  readonly webhookSecret: string | undefined;
  /** Requests a minute that one API key may send to this node; absent = no limit. */
  readonly rateLimit: number | undefined;
  /** Seals what must not be readable in the database; absent = a key file in the data directory. */
  readonly secretKey: string | undefined;
  readonly telemetryEndpoint: string | undefined;
  readonly languageModel: LanguageModelConfig;
  readonly realtime: RealtimeConfig;
  readonly speech: SpeechModels;
  readonly sip: SipConfig;
  /** Of recordings where neither agent nor workspace says. */
  readonly recordingFormat: RecordingFormat;
  /** Where recordings are kept; absent = in the data directory. */
  readonly s3: S3Settings | undefined;
  readonly asterisk: AsteriskConfig;
  readonly webRtc: WebRtcConfig;
};

/** Calls that an Asterisk brings by AudioSocket or chan_websocket. */
export type AsteriskConfig = {
  /** Of AudioSocket, TCP. 0 takes any free one; absent = there is none. */
  readonly audioSocketPort: number | undefined;
  /** Addresses or CIDR ranges that calls may come from. */
  readonly allow: readonly string[];
};

/** Telephone calls over SIP. */
export type SipConfig = {
  /** UDP and TCP; TLS one higher. 0 takes any free ones; absent = no telephone calls. */
  readonly port: number | undefined;
  /** The port was asked for: without it the node doesn't start. */
  readonly isPortRequired: boolean;
  /** Of the sound, both included. */
  readonly rtpPorts: { readonly from: number; readonly to: number };
  /** Where peers beyond a NAT reach this machine; absent = its own address. */
  readonly advertisedAddress: string | undefined;
  /** Addresses or CIDR ranges that may call without trunk or registration. */
  readonly allow: readonly string[];
  /** PEM files; both or none. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
};

export type LanguageModelConfig = {
  /** Base URL of an OpenAI-compatible endpoint, e.g. http://127.0.0.1:11434/v1. */
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly model: string | undefined;
  readonly openaiKey: string | undefined;
  readonly anthropicKey: string | undefined;
  readonly groqKey: string | undefined;
  /** Where Ollama is looked for; absent = http://127.0.0.1:11434. */
  readonly ollamaHost: string | undefined;
};

/** Models that hear and speak by themselves; OpenAI's key is that of its language models. */
export type RealtimeConfig = {
  /** Of an endpoint that speaks OpenAI's realtime protocol, e.g. ws://127.0.0.1:8000/v1/realtime. */
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly model: string | undefined;
  readonly xaiKey: string | undefined;
};

export type ConfigVariable = {
  readonly name: string;
  /** As it would be written in the environment; absent = unset. */
  readonly default?: string;
  readonly unit?: string;
  readonly description: string;
  readonly isSecret: boolean;
};

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);

const portRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, "must be two ports with a hyphen, such as 20000-29999")
  .transform((text) => {
    const [from = 0, to = 0] = text.split("-").map(Number);
    return { from, to };
  })
  .refine(
    ({ from, to }) => from >= 1024 && to <= 65_535 && to > from,
    "must go upwards from 1024 or more to 65535 or less",
  );

const secret = z.string();

const environment = z.object({
  PORT: wholeNumber(0, 65535).prefault("8080").describe("Port of the API and the page; 0 takes any free one."),
  HOST: z
    .string()
    .prefault("127.0.0.1")
    .describe("Address to listen on. Anything but a loopback address makes the page ask for an API key."),
  EARSHOT_DATA_DIR: z
    .string()
    .prefault("./data")
    .describe("Folder of the embedded database, the recordings and your own models."),
  DATABASE_URL: url(["postgres", "postgresql"])
    .optional()
    .describe("A Postgres server to use instead of the embedded database."),
  EARSHOT_API_KEY: secret
    .min(8, "must have at least 8 characters")
    .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces")
    .optional()
    .describe("The API key to accept. Unset: one is made at the first start and shown once."),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .prefault("info")
    .describe("Least severe log line that is written."),
  EARSHOT_RETENTION_DAYS: wholeNumber(1, 36_500)
    .optional()
    .meta({ unit: "days" })
    .describe(
      "Recordings older than this are deleted daily, unless their agent or workspace says otherwise. Unset: kept.",
    ),
  EARSHOT_RECORDING_FORMAT: z
    .enum(RECORDING_FORMATS)
    .prefault("wav")
    .describe("Of recordings where neither the agent nor the workspace says: `wav`, 230 MB an hour, or `opus`, 10 MB."),
  ...s3Environment,
  EARSHOT_SHUTDOWN_TIMEOUT_MS: wholeNumber(0, 3_600_000)
    .prefault("30000")
    .meta({ unit: "ms" })
    .describe("How long a shutdown lets calls finish."),
  EARSHOT_MAX_CALLS: wholeNumber(1, 10_000)
    .prefault("100")
    .meta({ unit: "calls" })
    .describe("Calls that one node takes at once."),
  EARSHOT_ALLOW_PRIVATE_URLS: z
    .string()
    .prefault("")
    .describe("Comma-separated hosts, addresses or CIDR ranges that webhooks may reach although they are private."),
  EARSHOT_PUBLIC_URL: httpUrl
    .transform((value) => value.replace(/\/+$/, ""))
    .optional()
    .describe(
      "Where others reach this server, e.g. https://voice.example.com, for links to recordings in answers and webhooks. Unset: " +
        "answers take it from each request, and webhooks have no links to recordings.",
    ),
  EARSHOT_TRUSTED_PROXIES: z
    .string()
    .prefault("127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7")
    .describe(
      "Comma-separated addresses or CIDR ranges of proxies that are believed when they say in X-Forwarded-For who asks, for " +
        "the limits of one visitor; `off`: none.",
    ),
  EARSHOT_MIN_FREE_DISK_MB: wholeNumber(0, 1_000_000_000)
    .prefault("200")
    .meta({ unit: "MB" })
    .describe("With less free space under the data folder the node takes no more calls."),
  EARSHOT_WEBHOOK_SECRET: secret
    .min(16, "must have at least 16 characters")
    .optional()
    .describe("Signs the requests that webhook tools send (HMAC-SHA256). Unset: they go unsigned."),
  EARSHOT_RATE_LIMIT: z
    .union([z.literal("off"), wholeNumber(1, 1_000_000)], {
      error: "must be a whole number of requests a minute, or off",
    })
    .prefault("1000")
    .meta({ unit: "requests a minute" })
    .describe("Requests that one API key may send to this node; `off`: no limit."),
  EARSHOT_SECRET_KEY: secret
    .min(32, "must have at least 32 characters")
    .optional()
    .describe(
      "Seals secrets in the database (webhook secrets, provider keys). Unset: `vault.key` in the data folder, made at " +
        "the first start. Nodes that share a database need the same.",
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl
    .optional()
    .describe("OpenTelemetry collector (OTLP over HTTP) that traces and metrics are sent to."),
  EARSHOT_LLM_URL: httpUrl
    .optional()
    .describe("Base URL of an OpenAI-compatible endpoint, e.g. http://127.0.0.1:11434/v1."),
  EARSHOT_LLM_KEY: secret.optional().describe("Key of that endpoint."),
  EARSHOT_LLM_MODEL: z.string().optional().describe("Model name at that endpoint."),
  OPENAI_API_KEY: secret.optional().describe("Makes OpenAI's models available."),
  ANTHROPIC_API_KEY: secret.optional().describe("Makes Anthropic's models available."),
  GROQ_API_KEY: secret.optional().describe("Makes Groq's models available."),
  OLLAMA_HOST: z.string().optional().describe("Where Ollama runs. Unset: 127.0.0.1:11434 is tried."),
  EARSHOT_REALTIME_URL: url(["wss", "ws", "https", "http"])
    .optional()
    .describe("Endpoint of realtime models that speak OpenAI's protocol, e.g. ws://127.0.0.1:8000/v1/realtime."),
  EARSHOT_REALTIME_KEY: secret.optional().describe("Key of that endpoint."),
  EARSHOT_REALTIME_MODEL: z
    .string()
    .optional()
    .describe(
      "Realtime model at that endpoint; without one the default among those that the keys give, e.g. gpt-realtime-mini.",
    ),
  XAI_API_KEY: secret.optional().describe("Makes xAI's realtime models available, as OPENAI_API_KEY does OpenAI's."),
  ...speechEnvironment,
  EARSHOT_SIP_PORT: z
    .union([z.literal("off"), wholeNumber(0, 65_534)], { error: "must be a port from 0 to 65534, or off" })
    .prefault("5060")
    .describe(
      "Port of telephone calls (SIP), UDP and TCP, at HOST; TLS is on the next one. 0 takes any free ones; `off`: no " +
        "telephone calls. Set, it must be free; unset, a server that finds it taken starts without telephone calls.",
    ),
  EARSHOT_RTP_PORTS: portRange
    .prefault("20000-29999")
    .describe("UDP ports of the sound of telephone calls and of browsers' over WebRTC; each call takes two."),
  EARSHOT_SIP_ADDRESS: z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/, "must be an address or a host name, without port")
    .optional()
    .describe("Where telephones beyond a NAT reach this server, e.g. its public address. Unset: its own address."),
  EARSHOT_SIP_ALLOW: z
    .string()
    .prefault("")
    .describe(
      "Comma-separated addresses or CIDR ranges that may call without a trunk or a registration. This machine itself " +
        "may as long as the database is the embedded one.",
    ),
  EARSHOT_SIP_TLS_CERT: z.string().optional().describe("PEM file of the certificate for SIP over TLS."),
  EARSHOT_SIP_TLS_KEY: z.string().optional().describe("PEM file of its key."),
  EARSHOT_AUDIOSOCKET_PORT: z
    .union([z.literal("off"), wholeNumber(0, 65_535)], { error: "must be a port from 0 to 65535, or off" })
    .prefault("off")
    .describe("Port on which an Asterisk brings calls by AudioSocket (TCP), at HOST; 0 takes any free one."),
  EARSHOT_ASTERISK_ALLOW: z
    .string()
    .prefault("")
    .describe(
      "Comma-separated addresses or CIDR ranges of Asterisk servers that may bring calls by AudioSocket or " +
        "chan_websocket. This machine itself may as long as the database is the embedded one, by chan_websocket only " +
        "without EARSHOT_PUBLIC_URL.",
    ),
  ...webRtcEnvironment,
});

/** All variables, in the order of the documentation. */
export const configVariables: readonly ConfigVariable[] = Object.entries(environment.shape).map(([name, schema]) => {
  const { description = "", unit } = schema.meta() ?? {};
  const defaultValue = environment.shape[name as keyof typeof environment.shape].def;
  const written = "defaultValue" in defaultValue ? String(defaultValue.defaultValue) : undefined;
  return {
    name,
    ...(written === undefined || written === "" ? {} : { default: written }),
    ...(typeof unit === "string" ? { unit } : {}),
    description,
    isSecret: isSecret(name),
  };
});

/**
 * Reads and checks the settings. An empty variable counts as unset.
 * @param source the environment; `process.env` by default
 * @throws StartupError naming each wrong variable, its value (unless secret) and what is allowed
 */
export function readConfig(source: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(
    Object.keys(environment.shape).flatMap((name) => {
      const value = source[name]?.trim();
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw new StartupError(describeIssues(parsed.error, given));
  const sip = toSip(parsed.data, given["EARSHOT_SIP_PORT"] !== undefined);
  const value = parsed.data;
  return {
    host: value.HOST,
    port: value.PORT,
    dataDirectory: resolve(value.EARSHOT_DATA_DIR),
    databaseUrl: value.DATABASE_URL,
    apiKey: value.EARSHOT_API_KEY,
    logLevel: value.LOG_LEVEL,
    retentionDays: value.EARSHOT_RETENTION_DAYS,
    shutdownTimeoutMs: value.EARSHOT_SHUTDOWN_TIMEOUT_MS,
    maxCalls: value.EARSHOT_MAX_CALLS,
    allowPrivateUrls: toList(value.EARSHOT_ALLOW_PRIVATE_URLS),
    publicUrl: value.EARSHOT_PUBLIC_URL,
    trustedProxies: toRanges("EARSHOT_TRUSTED_PROXIES", value.EARSHOT_TRUSTED_PROXIES.replace(/^off$/, "")),
    minFreeDiskBytes: value.EARSHOT_MIN_FREE_DISK_MB * 1_000_000,
    webhookSecret: value.EARSHOT_WEBHOOK_SECRET,
    rateLimit: value.EARSHOT_RATE_LIMIT === "off" ? undefined : value.EARSHOT_RATE_LIMIT,
    secretKey: value.EARSHOT_SECRET_KEY,
    telemetryEndpoint: value.OTEL_EXPORTER_OTLP_ENDPOINT,
    languageModel: {
      url: value.EARSHOT_LLM_URL,
      key: value.EARSHOT_LLM_KEY,
      model: value.EARSHOT_LLM_MODEL,
      openaiKey: value.OPENAI_API_KEY,
      anthropicKey: value.ANTHROPIC_API_KEY,
      groqKey: value.GROQ_API_KEY,
      ollamaHost: value.OLLAMA_HOST,
    },
    realtime: {
      url: value.EARSHOT_REALTIME_URL,
      key: value.EARSHOT_REALTIME_KEY,
      model: value.EARSHOT_REALTIME_MODEL,
      xaiKey: value.XAI_API_KEY,
    },
    speech: value.EARSHOT_SPEECH,
    sip,
    recordingFormat: value.EARSHOT_RECORDING_FORMAT,
    s3: toS3(value),
    asterisk: {
      audioSocketPort: value.EARSHOT_AUDIOSOCKET_PORT === "off" ? undefined : value.EARSHOT_AUDIOSOCKET_PORT,
      allow: toRanges("EARSHOT_ASTERISK_ALLOW", value.EARSHOT_ASTERISK_ALLOW),
    },
    webRtc: toWebRtc(parsed.data),
  };
}

function toSip(value: z.output<typeof environment>, isPortRequired: boolean): SipConfig {
  const { EARSHOT_SIP_PORT: port, EARSHOT_SIP_TLS_CERT: certFile, EARSHOT_SIP_TLS_KEY: keyFile } = value;
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new StartupError("EARSHOT_SIP_TLS_CERT and EARSHOT_SIP_TLS_KEY belong together: set both or neither");
  return {
    port: port === "off" ? undefined : port,
    isPortRequired,
    rtpPorts: value.EARSHOT_RTP_PORTS,
    advertisedAddress: value.EARSHOT_SIP_ADDRESS,
    allow: toRanges("EARSHOT_SIP_ALLOW", value.EARSHOT_SIP_ALLOW),
    tls: certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile },
  };
}

function toRanges(name: string, text: string): string[] {
  const ranges = toList(text);
  const wrong = ranges.find((entry) => !isAddressRange(entry));
  if (wrong === undefined) return ranges;
  throw new StartupError(`${name} has "${wrong}": write addresses or ranges such as 192.0.2.0/24`);
}

function toList(text: string): string[] {
  return text.split(",").flatMap((entry) => entry.trim() || []);
}

/** True where only this machine can connect, so that the page needs no key. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function isSecret(name: string): boolean {
  return name === "DATABASE_URL" || (/_(KEY|SECRET|PASSWORD)$/.test(name) && name !== "EARSHOT_SIP_TLS_KEY");
}

function describeIssues(error: z.ZodError, given: Readonly<Record<string, string>>): string {
  return error.issues
    .map((issue) => {
      const name = String(issue.path[0]);
      const shown = isSecret(name) ? "" : ` is "${given[name]}":`;
      const rule = issue.code === "invalid_value" ? `must be one of ${issue.values.join(", ")}` : issue.message;
      const example = configVariables.find((variable) => variable.name === name)?.default;
      const fix = example === undefined ? "correct or unset it" : `correct it, or unset it for the default ${example}`;
      return `${name}${shown} ${rule}; ${fix}`;
    })
    .join("\n");
}
