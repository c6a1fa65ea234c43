import { z } from "zod";
import { storableText } from "../storable-text.ts";
import { DIALECT_NAMES } from "./dialect-name.ts";
import { EVENT_TYPES } from "./domain-event.ts";

/** Of one workspace: each event may become as many deliveries. */
export const MAX_ENDPOINTS = 200;

const urlShape = z
  .url({ protocol: /^https?$/, error: "must be an http or https URL" })
  .max(2000)
  .describe("Receives a POST for each event. Private addresses are refused unless the server's settings list them.");

const eventsShape = z
  .array(z.enum([...EVENT_TYPES, "*"]))
  .min(1)
  .max(EVENT_TYPES.length + 1)
  .describe('Types of events; ["*"] stands for all, also those to come.');

const secretShape = z
  .string()
  .min(16)
  .max(256)
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces")
  .describe("Signs the requests. Absent: one is made.");

const timeoutShape = z.number().int().min(1000).max(60_000).describe("How long an answer may take, in ms.");

/** RFC 9110 field names, without those that would break or forge a delivery. */
const headersShape = z
  .record(
    z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, "must be names of header fields")
      .refine((name) => !RESERVED_HEADERS.test(name), "must not be a header that Earshot sets itself"),
    storableText({ max: 1000 }).regex(/^[\t\x20-\x7e]*$/, "must be printable ASCII on one line"),
  )
  .refine((headers) => Object.keys(headers).length <= 10, "must have at most 10 entries")
  .describe("Sent along with each delivery; at most 10.");

export const RESERVED_HEADERS =
  /^(?:host|connection|content-.*|transfer-encoding|upgrade|te|trailer|keep-alive|expect|user-agent|earshot-.*)$/i;

export const newWebhookEndpointShape = z
  .strictObject({
    url: urlShape,
    description: storableText({ max: 500 }).default(""),
    events: eventsShape.default(["*"]),
    agentId: z.string().max(64).optional().describe("Only events of this agent. Absent: of the whole workspace."),
    secret: secretShape.optional(),
    timeoutMs: timeoutShape.default(10_000),
    headers: headersShape.default({}),
  })
  .meta({ id: "NewWebhookEndpoint" });

export const webhookEndpointPatchShape = z
  .strictObject({
    url: urlShape.optional(),
    description: storableText({ max: 500 }).optional(),
    events: eventsShape.optional(),
    isEnabled: z.boolean().optional().describe("Enabling closes the circuit and lets pending deliveries go."),
    timeoutMs: timeoutShape.optional(),
    headers: headersShape.optional(),
  })
  .meta({ id: "WebhookEndpointPatch" });

export const rotateSecretShape = z.strictObject({ secret: secretShape.optional() }).meta({ id: "RotateWebhookSecret" });

export const webhookEndpointShape = z
  .object({
    id: z.string(),
    agentId: z.string().optional(),
    dialect: z.enum(DIALECT_NAMES).describe("Whose event names, envelope and signature."),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    isEnabled: z.boolean().describe("False once the receiver answered 410 Gone, or when you switched it off."),
    isSigned: z.boolean(),
    timeoutMs: z.number().int(),
    headers: z.record(z.string(), z.string()),
    failures: z.number().int().describe("Failed attempts since the last success."),
    pausedUntil: z.iso.datetime().optional().describe("After 10 failures in a row nothing is sent until then."),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "WebhookEndpoint" });

export const webhookEndpointWithSecretShape = webhookEndpointShape
  .extend({ secret: z.string().describe("Shown here and never again.") })
  .meta({ id: "WebhookEndpointWithSecret" });

export type WebhookEndpointView = z.infer<typeof webhookEndpointShape>;

/** An endpoint of any dialect, as it is stored. */
export type WebhookEndpoint = {
  readonly id: string;
  readonly workspaceId: string;
  readonly agentId?: string;
  readonly dialect: (typeof DIALECT_NAMES)[number];
  readonly url: string;
  readonly description: string;
  /** Our types of events, or "*". */
  readonly events: readonly string[];
  /** The dialect's own: context limit, extra headers, … */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly isEnabled: boolean;
  /** Absent = requests go unsigned. */
  readonly sealedSecret?: string;
  readonly failures: number;
  readonly openUntil?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** As our API shows it. */
export function toView(endpoint: WebhookEndpoint): WebhookEndpointView {
  const { id, agentId, dialect, url, description, events, settings, isEnabled, failures, openUntil } = endpoint;
  const { timeoutMs, headers } = settings;
  return {
    id,
    ...(agentId === undefined ? {} : { agentId }),
    dialect,
    url,
    description,
    events: [...events],
    isEnabled,
    isSigned: endpoint.sealedSecret !== undefined,
    timeoutMs: typeof timeoutMs === "number" ? timeoutMs : 10_000,
    headers: toHeaders(headers),
    failures,
    ...(openUntil === undefined ? {} : { pausedUntil: openUntil }),
    createdAt: endpoint.createdAt,
    updatedAt: endpoint.updatedAt,
  };
}

/** The extra headers in an endpoint's settings. */
export function toHeaders(given: unknown): Record<string, string> {
  if (typeof given !== "object" || given === null) return {};
  return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === "string"));
}
