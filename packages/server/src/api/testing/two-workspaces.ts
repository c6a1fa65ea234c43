import type { AppDeps } from "../../http/app-deps.ts";
import { createWorkspace } from "../../workspaces/create-workspace.ts";
import { newWorkspaceShape } from "../../workspaces/workspace.ts";
import { createApp } from "../create-app.ts";
import { TEST_KEY } from "./test-deps.ts";

export type Answer = { readonly status: number; readonly body: Record<string, unknown> & { readonly id: string } };
export type ApiClient = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** Two workspaces of one API: what is made in one must not be seen in the other. */
export async function twoWorkspaces(deps: AppDeps): Promise<{ readonly mine: ApiClient; readonly theirs: ApiClient }> {
  const app = createApp(deps);
  const inWorkspace = async (name: string): Promise<ApiClient> => {
    const { id } = await createWorkspace(deps, "ws_default", newWorkspaceShape.parse({ name }));
    return async (method, path, body) => {
      const headers = {
        Authorization: `Bearer ${TEST_KEY}`,
        "Earshot-Workspace": id,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      };
      const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await app.request(path, request);
      const text = await response.text();
      return { status: response.status, body: text === "" ? { id: "" } : JSON.parse(text) };
    };
  };
  return { mine: await inWorkspace("mine"), theirs: await inWorkspace("theirs") };
}
