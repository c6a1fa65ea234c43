import type { Resources } from "../documents/resource.ts";
import type { JsonObject } from "../documents/resource-shapes.ts";
import { toShown } from "../documents/resource-verbs.ts";
import { mergePatch } from "../merge-patch.ts";
import type { Vault } from "../secrets/vault.ts";
import { type ToolTemplate, type ToolTemplateSettings, toolTemplateKind } from "./tool-template.ts";

type Deps = { readonly toolTemplates: Resources<typeof toolTemplateKind.shape>; readonly vault: Vault };

const WHOLE = new Set<string>(toolTemplateKind.whole);

/** @throws AppError `invalid_request` naming each wrong field */
export function createToolTemplate(deps: Deps, workspaceId: string, input: JsonObject): Promise<ToolTemplate> {
  const settings = deps.toolTemplates.parse(input);
  return deps.toolTemplates.create(workspaceId, seal(deps.vault, workspaceId, settings));
}

/** A webhook tool that comes without a secret keeps the one it had. @throws AppError `not_found`, `invalid_request` */
export function updateToolTemplate(
  deps: Deps,
  workspaceId: string,
  { id, patch }: { readonly id: string; readonly patch: JsonObject },
): Promise<ToolTemplate> {
  return deps.toolTemplates.change(workspaceId, id, (current) =>
    seal(deps.vault, workspaceId, deps.toolTemplates.parse(mergePatch(current, patch, WHOLE))),
  );
}

/** Opens what a tool's requests are signed with. */
export function openToolSecret(vault: Vault, workspaceId: string, template: ToolTemplate): string | undefined {
  const { sealedSecret } = template;
  return sealedSecret === undefined ? undefined : vault.open(sealedSecret, contextOf(workspaceId));
}

export function toPublicToolTemplate({ sealedSecret, ...shown }: ToolTemplate): JsonObject {
  return toShown({ ...shown, hasSecret: sealedSecret !== undefined });
}

function seal(vault: Vault, workspaceId: string, settings: ToolTemplateSettings): ToolTemplateSettings {
  const { sealedSecret, tool, ...rest } = settings;
  if (tool.kind !== "webhook") return { ...rest, tool };
  const { secret, ...open } = tool;
  const sealed = secret === undefined ? sealedSecret : vault.seal(secret, contextOf(workspaceId));
  return { ...rest, tool: open, ...(sealed === undefined ? {} : { sealedSecret: sealed }) };
}

function contextOf(workspaceId: string): string {
  return `${workspaceId} tool template`;
}
