import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { AgentSettings } from "./agent.ts";
import { readAgent } from "./read-agent.ts";
import type { AgentStore, Deployment } from "./store.ts";
import { toSettings } from "./update-agent.ts";

export const deploymentShape = z
  .object({
    version: z.number().int(),
    revision: z.number().int(),
    note: z.string().optional(),
    deployedAt: z.iso.datetime(),
  })
  .meta({ id: "AgentVersion" });

export const differenceShape = z
  .object({
    path: z.string().describe("The setting, such as `voice.speed`."),
    before: z.unknown().optional().describe("Absent when it was added."),
    after: z.unknown().optional().describe("Absent when it was removed."),
  })
  .meta({ id: "AgentDifference" });

export type Difference = z.infer<typeof differenceShape>;

type VersionOf = { readonly workspaceId: string; readonly id: string; readonly version: number };

/** Newest first. @throws AppError `not_found` */
export async function listVersions(store: AgentStore, workspaceId: string, id: string): Promise<Deployment[]> {
  await readAgent(store, workspaceId, id);
  return store.listDeployments(id);
}

/** The settings as they were deployed. @throws AppError `not_found` */
export async function readVersion(store: AgentStore, { workspaceId, id, version }: VersionOf): Promise<AgentSettings> {
  await readAgent(store, workspaceId, id);
  const settings = await store.findVersion(id, version);
  if (settings === undefined) throw new AppError("not_found", `agent "${id}" has no version ${version}`);
  return settings;
}

/**
 * What differs between a version and another one, or the working version.
 * @throws AppError `not_found`
 */
export async function compareVersions(
  store: AgentStore,
  request: VersionOf & { readonly to?: number | undefined },
): Promise<Difference[]> {
  const before = await readVersion(store, request);
  const after =
    request.to === undefined
      ? toSettings((await readAgent(store, request.workspaceId, request.id)).agent)
      : await readVersion(store, { ...request, version: request.to });
  return compare(before, after, "");
}

function compare(before: unknown, after: unknown, path: string): Difference[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => compare(before[name], after[name], path === "" ? name : `${path}.${name}`));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
