import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

/** A tenant: nothing in it can be seen from another one. */
export type Workspace = components["schemas"]["Workspace"];
export type NewWorkspace = requests["schemas"]["NewWorkspace"];
export type WorkspacePatch = requests["schemas"]["WorkspacePatch"];

/** The workspaces below the key's own. Give one's id as `workspaceId` to act in it. */
export class Workspaces extends Resource<{ item: Workspace; create: NewWorkspace; update: WorkspacePatch }> {
  constructor(transport: Transport) {
    super(transport, "/v1/workspaces");
  }
}
