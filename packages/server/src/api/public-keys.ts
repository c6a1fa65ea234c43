import { readAgent } from "../agents/read-agent.ts";
import { Resources } from "../documents/resource.ts";
import { toVerbs } from "../documents/resource-verbs.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { publicKeyKind, publicKeyShapes } from "../web-calls/public-key.ts";
import { resourceRoutes } from "./resource-routes.ts";

export function publicKeyRoutes(deps: Pick<AppDeps, "documents" | "clock" | "agents">) {
  return resourceRoutes({
    path: "/v1/public-keys",
    ...{ name: "PublicKey", plural: "PublicKeys" },
    ...{ title: "a public key", titles: "public keys" },
    exampleId: "pub_01k9q0w3e4r5t6y7v8b9n0m1a2",
    shapes: publicKeyShapes,
    verbs: toVerbs(new Resources(deps, publicKeyKind), {
      check: async (workspaceId, { agentId }) => {
        if (typeof agentId === "string") await readAgent(deps.agents, workspaceId, agentId);
      },
    }),
  });
}
