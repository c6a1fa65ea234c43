/** /sip-trunks. Three ages of clients name the fields differently: all are taken, and all are shown. */
import { z } from "zod";
import { Resources } from "../../documents/resource.ts";
import { sipPasswordShape, sipTrunkKind } from "../../sip-trunks/sip-trunk.ts";
import { createSipTrunk, deleteSipTrunk } from "../../sip-trunks/write-sip-trunk.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { invalid, type JsonObject } from "./parse.ts";
import { addSimpleResource } from "./simple-resource.ts";

const { name, port, transport } = sipTrunkKind.shape.shape;
const host = storableText({ min: 1, max: 260 }).nullish();
const user = storableText({ min: 1, max: 200 }).nullish();
const password = sipPasswordShape.unwrap().nullish();

const shape = z.looseObject({
  name,
  provider: storableText({ max: 100 }).nullish(),
  host,
  address: host,
  outbound_address: host,
  inbound_addresses: z
    .array(storableText({ min: 1, max: 260 }))
    .max(50)
    .nullish(),
  port: port.unwrap().nullish(),
  transport: transport.unwrap().nullish(),
  username: user,
  auth_username: user,
  password,
  auth_password: password,
});

type Sent = z.output<typeof shape>;

const ADDRESS = /^(?:sips?:)?(\[[0-9a-f:.]+\]|[^:/\s]+)(?::(\d{1,5}))?$/i;

export function addSipTrunks(app: DialectApp, deps: DialectDeps): void {
  const sipTrunks = new Resources(deps, sipTrunkKind);
  addSimpleResource(app, {
    path: "sip-trunks",
    one: ["trunk", "sip_trunk"],
    many: ["trunks", "sip_trunks"],
    resources: sipTrunks,
    shape,
    known: [
      "name",
      "provider",
      "host",
      "address",
      "port",
      "transport",
      "username",
      "auth_username",
      "password",
      "auth_password",
    ],
    canChange: false,
    decode(sent) {
      const given = sent as Sent;
      return {
        name: given.name,
        provider: given.provider ?? undefined,
        ...toTarget(given),
        transport: given.transport ?? undefined,
        username: given.username ?? given.auth_username ?? undefined,
        password: given.password ?? given.auth_password ?? undefined,
      };
    },
    encode: ({ host: target, username, provider, ...trunk }): JsonObject => ({
      name: trunk.name,
      provider: provider ?? null,
      host: target,
      address: trunk.port === DEFAULT_PORT ? target : `${target}:${trunk.port}`,
      port: trunk.port,
      transport: trunk.transport,
      username: username ?? null,
      auth_username: username ?? null,
    }),
    verbs: {
      create: (workspaceId, input) => createSipTrunk({ ...deps, sipTrunks }, workspaceId, input),
      remove: (workspaceId, id) => deleteSipTrunk({ ...deps, sipTrunks }, workspaceId, id),
    },
  });
}

const DEFAULT_PORT = 5060;

/** @throws AppError `invalid_request` */
function toTarget({
  host: direct,
  address,
  outbound_address: outbound,
  inbound_addresses: inbound,
  port: wanted,
}: Sent) {
  const field = direct ? "host" : "address";
  const given = direct ?? address ?? outbound ?? inbound?.[0];
  if (given === undefined || given === null) throw invalid("host", "is required");
  const [, target, written] = ADDRESS.exec(given) ?? [];
  if (target === undefined) throw invalid(field, "must be a host name or an IP address, with or without a port");
  const number = wanted ?? (written === undefined ? DEFAULT_PORT : Number(written));
  if (number < 1 || number > 65_535) throw invalid(field, "must have a port of 1 to 65535");
  return { host: target, port: number };
}
