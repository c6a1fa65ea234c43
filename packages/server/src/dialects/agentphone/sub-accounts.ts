import { z } from "zod";
import { AppError } from "../../app-error.ts";
import { storableText } from "../../storable-text.ts";
import { createWorkspace } from "../../workspaces/create-workspace.ts";
import { deleteWorkspace } from "../../workspaces/delete-workspace.ts";
import { updateWorkspace } from "../../workspaces/update-workspace.ts";
import type { Workspace } from "../../workspaces/workspace.ts";
import { type DialectApp, type DialectDeps, parseQuery } from "../kit/open-dialect.ts";
import { pageQuery, toOffsetPage } from "./pages.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";

const subAccountShape = z.looseObject({ name: storableText({ min: 1, max: 200 }) });
const listQuery = z.object(pageQuery());

/** Sub-accounts are workspaces that the key's own one made. */
export function addSubAccountRoutes(app: DialectApp, deps: DialectDeps): void {
  const { workspaces } = deps;

  app.get("/v1/sub-accounts", async (c) => {
    const query = parseQuery(c, listQuery);
    const [found, total] = await Promise.all([
      workspaces.list(workspaceOf(c), query),
      workspaces.count(workspaceOf(c)),
    ]);
    return c.json(toOffsetPage(found.map(toSubAccount), total, query));
  });

  app.post("/v1/sub-accounts", async (c) => {
    const { name } = (await readBody(c, subAccountShape)).given;
    return c.json(toSubAccount(await createWorkspace(deps, workspaceOf(c), { name, metadata: {} })));
  });

  app.patch("/v1/sub-accounts/:id", async (c) => {
    const id = childId(workspaceOf(c), pathPart(c, "id"));
    const { name } = (await readBody(c, subAccountShape)).given;
    return c.json(toSubAccount(await updateWorkspace(deps, workspaceOf(c), { id, patch: { name } })));
  });

  app.delete("/v1/sub-accounts/:id", async (c) => {
    const id = childId(workspaceOf(c), pathPart(c, "id"));
    await deleteWorkspace(deps, workspaceOf(c), id);
    return c.json({ success: true, id });
  });
}

/** A master account is no sub-account of its own. */
function childId(workspaceId: string, id: string): string {
  if (id === workspaceId) throw new AppError("not_found", `there is no sub-account "${id}"`);
  return id;
}

function toSubAccount({ id, name, createdAt, updatedAt }: Workspace) {
  return { id, name, status: "active", createdAt, updatedAt };
}
