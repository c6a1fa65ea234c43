import { z } from "zod";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";

const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$|^\[[0-9a-f:.]{2,45}\]$/i;

export const sipPasswordShape = storableText({ min: 1, max: 500 })
  .optional()
  .describe("For digest authentication. Never shown again.");

export const sipTrunkKind = {
  name: "sip_trunk",
  idPrefix: "trk",
  title: "SIP trunk",
  whole: ["metadata", "sent"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    provider: storableText({ max: 100 }).optional(),
    host: z.string().min(1).max(253).regex(HOST, "must be a host name or an IP address, without port or sip:"),
    port: z.number().int().min(1).max(65_535).default(5060),
    transport: z.enum(["udp", "tcp", "tls"]).default("udp"),
    username: storableText({ min: 1, max: 200 }).optional(),
    sealedPassword: z.string().optional(),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const sipTrunkShapes = resourceShapes(sipTrunkKind, {
  name: "SipTrunk",
  description: "A connection to a telephone network over SIP.",
  hidden: ["sealedPassword"],
  input: { password: sipPasswordShape },
  output: { hasPassword: z.boolean() },
});

export type SipTrunkSettings = z.output<typeof sipTrunkKind.shape>;
export type SipTrunk = Resource<SipTrunkSettings>;
