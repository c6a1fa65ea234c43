/** The five routes of resources that HMS keeps whole: templates, campaigns, workflows and the like. */
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { Resource, Resources } from "../../documents/resource.ts";
import type { DialectApp } from "../kit/open-dialect.ts";
import { DIALECT } from "./agent-codec.ts";
import { fromVendorId, toVendorId } from "./ids.ts";
import { check, type JsonObject, readObject } from "./parse.ts";

/** Lists of these have no pages there. */
const MAX_LISTED = 1000;

export type SimpleResource<Shape extends z.ZodObject> = {
  readonly path: string;
  /** The name around one; a second one for clients of another age. */
  readonly one: readonly string[];
  readonly many: readonly string[];
  readonly resources: Resources<Shape>;
  /** All that a client may send. A PATCH is laid over what is shown, and checked as a whole. */
  readonly shape: z.ZodType<JsonObject>;
  /** What our own verbs are given, of what was sent. */
  readonly decode: (sent: JsonObject) => JsonObject;
  readonly encode: (resource: Resource<z.output<Shape>>) => JsonObject;
  /** Fields that have a place of their own; others are kept as they are. */
  readonly known: readonly string[];
  /** What is kept besides, in place of what came. */
  readonly keep?: (sent: JsonObject) => JsonObject;
  /** Looks at what was sent before it is stored; of a PATCH, at that alone. */
  readonly check?: (workspaceId: string, sent: JsonObject) => Promise<void>;
  /** Adds to what is shown, in the order of the resources. */
  readonly enrich?: (workspaceId: string, resources: readonly Resource<z.output<Shape>>[]) => Promise<JsonObject[]>;
  /** What lists show of one. */
  readonly summarize?: (shown: JsonObject) => JsonObject;
  /** False: there is no PATCH. */
  readonly canChange?: boolean;
  readonly onCreated?: (workspaceId: string, id: string, body: JsonObject) => Promise<void>;
  /** Verbs that a kind has of its own. */
  readonly verbs?: {
    readonly create?: (workspaceId: string, input: JsonObject) => Promise<Resource<z.output<Shape>>>;
    readonly update?: (workspaceId: string, id: string, patch: JsonObject) => Promise<Resource<z.output<Shape>>>;
    readonly remove?: (workspaceId: string, id: string) => Promise<void>;
  };
};

type Kept = { readonly sent: Readonly<Record<string, JsonObject>> };

/** Set by us alone. */
const OURS = ["id", "org_id", "created_at", "updated_at"];

export function addSimpleResource<Shape extends z.ZodObject>(app: DialectApp, noun: SimpleResource<Shape>): void {
  const { path, resources, shape, verbs = {} } = noun;
  const {
    create = (workspaceId, input) => resources.create(workspaceId, resources.parse(input)),
    update = (workspaceId, id, patch) => resources.patch(workspaceId, id, patch),
    remove = (workspaceId, id) => resources.delete(workspaceId, id),
  } = verbs;
  const at = `/api/v1/${path}`;
  const idOf = (given: string) => fromVendorId(resources.kind.idPrefix, given);
  const showOne = async (workspaceId: string, resource: Resource<z.output<Shape>>) => {
    const [shown] = await showAll(noun, workspaceId, [resource]);
    return under(noun.one, shown);
  };

  app.get(at, async (c) => {
    const { workspaceId } = c.get("principal");
    const shown = await showAll(noun, workspaceId, await resources.list(workspaceId, { limit: MAX_LISTED }));
    return c.json(under(noun.many, noun.summarize === undefined ? shown : shown.map(noun.summarize)));
  });

  app.post(at, async (c) => {
    const { workspaceId } = c.get("principal");
    const sent = check(shape, withoutOurs(await readObject(c)));
    const input = toInput(noun, sent, {});
    await noun.check?.(workspaceId, sent);
    const resource = await create(workspaceId, input);
    await noun.onCreated?.(workspaceId, resource.id, sent);
    return c.json(await showOne(workspaceId, resource), 201);
  });

  app.get(`${at}/:id`, async (c) => {
    const { workspaceId } = c.get("principal");
    return c.json(await showOne(workspaceId, await resources.read(workspaceId, idOf(c.req.param("id")))));
  });

  if (noun.canChange !== false)
    app.patch(`${at}/:id`, async (c) => {
      const { workspaceId } = c.get("principal");
      const id = idOf(c.req.param("id"));
      const patch = withoutOurs(await readObject(c));
      const current = await resources.read(workspaceId, id);
      const sent = check(shape, overlay(noun, current, patch));
      const before = toInput(noun, check(shape, overlay(noun, current, {})), sentOf(current));
      const after = toInput(noun, sent, sentOf(current));
      await noun.check?.(workspaceId, Object.fromEntries(Object.keys(patch).map((field) => [field, sent[field]])));
      return c.json(await showOne(workspaceId, await update(workspaceId, id, differencesOf(before, after))));
    });

  app.delete(`${at}/:id`, async (c) => {
    const { workspaceId } = c.get("principal");
    await remove(workspaceId, idOf(c.req.param("id")));
    return c.json({ success: true });
  });
}

/** The same under each of the names. */
function under(names: readonly string[], value: unknown): JsonObject {
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** What HMS clients sent besides what has a place of its own. */
export function keptBy(resource: unknown): JsonObject {
  return sentOf(resource)[DIALECT] ?? {};
}

/** @throws AppError `not_supported` for what is stored here and doesn't run */
export function doesNotRun(what: string): never {
  throw new AppError("not_supported", `this server stores ${what} but doesn't run them yet`);
}

async function showAll<Shape extends z.ZodObject>(
  noun: SimpleResource<Shape>,
  workspaceId: string,
  resources: readonly Resource<z.output<Shape>>[],
): Promise<JsonObject[]> {
  const more = (await noun.enrich?.(workspaceId, resources)) ?? [];
  return resources.map((resource, index) => ({
    id: toVendorId(resource.id),
    ...keptBy(resource),
    ...noun.encode(resource),
    ...more[index],
    org_id: toVendorId(workspaceId),
    created_at: resource.createdAt,
    updated_at: resource.updatedAt,
  }));
}

/** What a PATCH makes of what a client sees. */
function overlay<Shape extends z.ZodObject>(
  noun: SimpleResource<Shape>,
  current: Resource<z.output<Shape>>,
  patch: JsonObject,
): JsonObject {
  return { ...keptBy(current), ...noun.encode(current), ...patch };
}

/** What our verbs are given, with what has no place of its own beside it. */
function toInput<Shape extends z.ZodObject>(
  noun: SimpleResource<Shape>,
  sent: JsonObject,
  before: Kept["sent"],
): JsonObject {
  const unknown = Object.fromEntries(Object.entries(sent).filter(([field]) => !noun.known.includes(field)));
  return { ...noun.decode(sent), sent: { ...before, [DIALECT]: { ...unknown, ...noun.keep?.(sent) } } };
}

/** Only the fields that differ, whole, so that changes of others made meanwhile stay. */
function differencesOf(before: JsonObject, after: JsonObject): JsonObject {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
}

function sentOf(resource: unknown): Kept["sent"] {
  return (resource as Kept).sent;
}

function withoutOurs(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([field]) => !OURS.includes(field)));
}
