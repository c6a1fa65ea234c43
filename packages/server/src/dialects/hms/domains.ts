/**
 * /domains: the domain that a customer's e-mails come from; one each. It is stored. What its DNS says is looked up when it
 * is verified; sending through it needs a mail service, which isn't connected, so it never counts as verified.
 */
import { resolveTxt } from "node:dns/promises";
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import { type Resource, Resources } from "../../documents/resource.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { toVendorId } from "./ids.ts";
import { parseBody } from "./parse.ts";

const domain = z
  .string()
  .max(253)
  .regex(/^(?=.{3,})(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i, "must be a domain such as example.com")
  .transform((name) => name.toLowerCase());

const newShape = z.looseObject({ domain });
const kind = {
  name: "hms_domain",
  idPrefix: "dom",
  title: "domain",
  shape: z.object({ domain: z.string(), status: z.enum(["not_started", "pending"]).default("not_started") }),
} as const;

type Domain = Resource<z.output<typeof kind.shape>>;

const LOOK_UP_MAX_MS = 3_000;
const WHY = "no mail service is connected to this server, so that no domain can be verified";

export function addDomains(app: DialectApp, deps: DialectDeps): void {
  const domains = new Resources(deps, kind);
  const find = async (workspaceId: string): Promise<Domain> => {
    const [found] = await domains.list(workspaceId, { limit: 1 });
    if (found === undefined) throw new AppError("not_found", "there is no domain");
    return found;
  };

  app.get("/api/v1/domains", async (c) => c.json(show(await find(c.get("principal").workspaceId))));

  app.post("/api/v1/domains", async (c) => {
    const { workspaceId } = c.get("principal");
    const { domain: name } = await parseBody(c, newShape);
    if ((await domains.count(workspaceId)) > 0)
      throw new AppError("conflict", "there is a domain already: delete it first");
    return c.json(show(await domains.create(workspaceId, { domain: name, status: "not_started" })), 201);
  });

  app.delete("/api/v1/domains", async (c) => {
    const { workspaceId } = c.get("principal");
    await domains.delete(workspaceId, (await find(workspaceId)).id);
    return c.json({ success: true });
  });

  app.get("/api/v1/domains/sync", (c) => c.json([]));

  app.post("/api/v1/domains/sync", async (c) => {
    await parseBody(c, z.looseObject({ domain_id: z.string().min(1).max(200) }));
    throw new AppError("not_supported", "no mail service is connected to this server");
  });

  app.post("/api/v1/domains/verify", async (c) => {
    const { workspaceId } = c.get("principal");
    const found = await find(workspaceId);
    const records = await lookUp(found.domain);
    const changed = await domains.change(workspaceId, found.id, (current) => ({ ...current, status: "pending" }));
    return c.json({ ...show(changed), txt_records: records, message: WHY });
  });

  app.post("/api/v1/domains/refresh", async (c) => c.json(show(await find(c.get("principal").workspaceId))));
}

function show({ id, domain: name, status, createdAt, updatedAt }: Domain): object {
  return {
    id: toVendorId(id),
    domain: name,
    verified: false,
    status,
    records: [],
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

/** The TXT records of a domain; none when DNS says nothing in time. */
async function lookUp(name: string): Promise<string[]> {
  const late = AbortSignal.timeout(LOOK_UP_MAX_MS);
  const { promise: isLate, resolve } = Promise.withResolvers<string[][]>();
  late.addEventListener("abort", () => resolve([]), { once: true });
  const records = await Promise.race([resolveTxt(name).catch(() => []), isLate]);
  return records.map((parts) => parts.join("")).slice(0, 20);
}
