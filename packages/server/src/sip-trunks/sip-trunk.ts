import { z } from "zod";
import { isAddressRange } from "../address-range.ts";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";
import { trunkStatusShape } from "./trunk-status.ts";

const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$|^\[[0-9a-f:.]{2,45}\]$/i;
const PROXY = /^sips?:[^\s@<>;?,"]{1,250}(?:;transport=(?:udp|tcp|tls))?$/i;
const HEADER = /^(?:x-[a-z0-9-]{1,60}|user-to-user|diversion|history-info|subject|call-info|p-[a-z-]{1,60})$/i;
/** As telephony names them. */
const TRUNK_CODECS = ["opus", "G722", "PCMU", "PCMA"] as const;

export const sipPasswordShape = storableText({ min: 1, max: 500 })
  .optional()
  .describe("For digest authentication. Never shown again.");

const hostShape = z.string().min(1).max(253).regex(HOST, "must be a host name or an IP address, without port or sip:");

/** Headers of calls, by name; `{{variable}}` stands for a variable of the call. */
export const sipHeadersShape = z
  .record(
    z
      .string()
      .regex(HEADER, "must be X-…, User-to-User, Diversion, History-Info, Subject, Call-Info or P-…, and no other"),
    z
      .string()
      .max(1000)
      .regex(/^\P{Cc}*$/u, "must be one line"),
  )
  .refine((headers) => Object.keys(headers).length <= 30, "must have at most 30 entries");

export const sipTrunkKind = {
  name: "sip_trunk",
  idPrefix: "trk",
  title: "SIP trunk",
  whole: ["metadata", "sent", "headers"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    provider: storableText({ max: 100 }).optional(),
    host: hostShape,
    port: z.number().int().min(1).max(65_535).default(5060),
    transport: z.enum(["udp", "tcp", "tls"]).default("udp"),
    outboundProxy: z
      .string()
      .regex(PROXY, "must be a SIP URI without user, such as sip:proxy.example.com:5060;transport=tcp")
      .optional()
      .describe("Every request goes through it."),
    username: storableText({ min: 1, max: 200 }).optional(),
    domain: hostShape.optional().describe("Of the account, in From and in the registration; absent: `host`."),
    sealedPassword: z.string().optional(),
    registers: z.boolean().default(false).describe("Registers with the provider, who calls there; needs `username`."),
    registrationMs: z
      .number()
      .int()
      .min(60_000)
      .max(86_400_000)
      .default(600_000)
      .describe("How long a registration is asked to last."),
    pings: z.boolean().default(true).describe("Asks with OPTIONS every 30 s whether the trunk is there."),
    backupTrunkIds: z
      .array(z.string().min(1).max(64))
      .max(10)
      .default([])
      .describe("Tried in this order when this one is down, full or fails before anything rings."),
    codecs: z
      .array(z.enum(TRUNK_CODECS))
      .min(1)
      .refine((codecs) => new Set(codecs).size === codecs.length, "must name each codec once")
      .default([...TRUNK_CODECS])
      .describe("Best first."),
    mediaEncryption: z
      .enum(["off", "allowed", "required"])
      .default("allowed")
      .describe("SRTP with keys in the SDP (SDES). `allowed`: where the other side offers it."),
    dtmf: z.enum(["auto", "info"]).default("auto").describe("`auto`: RFC 4733, or else INFO; `info`: always INFO."),
    ringsWith: z
      .enum(["180", "183"])
      .default("180")
      .describe("What its callers get before the answer; 183: with our SDP, for trunks that want sound before it."),
    allow: z
      .array(z.string().refine(isAddressRange, "must be an address or a range such as 192.0.2.0/24"))
      .max(50)
      .default([])
      .describe("Addresses that its calls come from, besides those of `host` and `outboundProxy`."),
    maxCalls: z.number().int().min(1).max(10_000).optional().describe("At once, in both directions; absent: no cap."),
    maxCallsPerSecond: z.number().int().min(1).max(1000).optional().describe("Placed; absent: no cap."),
    allowsAnyCallerId: z
      .boolean()
      .default(false)
      .describe("Calls may show numbers that are not the workspace's; the provider must agree to that."),
    fromUser: z.enum(["number", "username"]).default("number").describe("Who stands in From."),
    assertedIdentity: z
      .enum(["none", "p-asserted-identity", "p-preferred-identity", "remote-party-id"])
      .default("none")
      .describe("A further header for the caller's number."),
    hasLeadingPlus: z.boolean().default(true).describe("Numbers are sent as +4420…; false: 4420…."),
    transfers: z
      .enum(["auto", "refer", "bridge"])
      .default("auto")
      .describe(
        "Cold ones. `refer`: the trunk makes them; `bridge`: a second call; `auto`: what the trunk refuses is bridged.",
      ),
    acceptsRefer: z
      .boolean()
      .default(false)
      .describe("Its far ends may have somebody else take their place (REFER), within whom the workspace may call."),
    headers: sipHeadersShape.default({}).describe("Of calls that are placed, their transfers and ends."),
    pricePerMinute: z
      .number()
      .min(0)
      .max(1000)
      .optional()
      .describe("What a placed call costs; counts against the workspace's `maxSpendPerDay`."),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const sipTrunkShapes = resourceShapes(sipTrunkKind, {
  name: "SipTrunk",
  description: "A connection to a telephone network over SIP.",
  hidden: ["sealedPassword"],
  input: { password: sipPasswordShape },
  output: { hasPassword: z.boolean(), status: trunkStatusShape.optional() },
});

export type SipTrunkSettings = z.output<typeof sipTrunkKind.shape>;
export type SipTrunk = Resource<SipTrunkSettings>;
