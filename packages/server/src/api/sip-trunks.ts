import { Resources } from "../documents/resource.ts";
import { toVerbs } from "../documents/resource-verbs.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { type SipTrunk, sipTrunkKind, sipTrunkShapes } from "../sip-trunks/sip-trunk.ts";
import { createSipTrunk, deleteSipTrunk, toPublicSipTrunk, updateSipTrunk } from "../sip-trunks/write-sip-trunk.ts";
import { resourceRoutes } from "./resource-routes.ts";

type Deps = Pick<AppDeps, "documents" | "clock" | "vault" | "phoneNumbers" | "trunkWatch">;

export function sipTrunkRoutes(deps: Deps) {
  const sipTrunks = new Resources(deps, sipTrunkKind);
  const writing = { ...deps, sipTrunks };
  const show = (trunk: SipTrunk) => toPublicSipTrunk(trunk, deps.trunkWatch?.statusOf(trunk.id));
  return resourceRoutes({
    path: "/v1/sip-trunks",
    ...{ name: "SipTrunk", plural: "SipTrunks" },
    ...{ title: "a SIP trunk", titles: "SIP trunks" },
    exampleId: "trk_01k9q0w3e4r5t6y7v8b9n0m1a2",
    shapes: sipTrunkShapes,
    verbs: toVerbs(sipTrunks, {
      show,
      replace: {
        create: async (...given) => show(await createSipTrunk(writing, ...given)),
        update: async (workspaceId, id, patch) => show(await updateSipTrunk(writing, workspaceId, { id, patch })),
        delete: (workspaceId, id) => deleteSipTrunk(writing, workspaceId, id),
      },
    }),
  });
}
