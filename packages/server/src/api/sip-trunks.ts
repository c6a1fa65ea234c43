import { Resources } from "../documents/resource.ts";
import { toVerbs } from "../documents/resource-verbs.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { sipTrunkKind, sipTrunkShapes } from "../sip-trunks/sip-trunk.ts";
import { createSipTrunk, deleteSipTrunk, toPublicSipTrunk, updateSipTrunk } from "../sip-trunks/write-sip-trunk.ts";
import { resourceRoutes } from "./resource-routes.ts";

export function sipTrunkRoutes(deps: Pick<AppDeps, "documents" | "clock" | "vault" | "phoneNumbers">) {
  const sipTrunks = new Resources(deps, sipTrunkKind);
  const writing = { ...deps, sipTrunks };
  return resourceRoutes({
    path: "/v1/sip-trunks",
    ...{ name: "SipTrunk", plural: "SipTrunks" },
    ...{ title: "a SIP trunk", titles: "SIP trunks" },
    exampleId: "trk_01k9q0w3e4r5t6y7v8b9n0m1a2",
    shapes: sipTrunkShapes,
    verbs: toVerbs(sipTrunks, {
      show: toPublicSipTrunk,
      replace: {
        create: async (...given) => toPublicSipTrunk(await createSipTrunk(writing, ...given)),
        update: async (workspaceId, id, patch) =>
          toPublicSipTrunk(await updateSipTrunk(writing, workspaceId, { id, patch })),
        delete: (workspaceId, id) => deleteSipTrunk(writing, workspaceId, id),
      },
    }),
  });
}
