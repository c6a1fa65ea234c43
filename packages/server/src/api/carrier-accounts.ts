import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { carrierAccountKind, carrierAccountShapes } from "../carrier-accounts/carrier-account.ts";
import {
  checkCarrierAccount,
  createCarrierAccount,
  deleteCarrierAccount,
  toPublicCarrierAccount,
  updateCarrierAccount,
} from "../carrier-accounts/write-carrier-account.ts";
import { Resources } from "../documents/resource.ts";
import { toVerbs } from "../documents/resource-verbs.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { resourceRoutes } from "./resource-routes.ts";
import { idParams, jsonContent, PROBLEMS } from "./router.ts";

const EXAMPLE_ID = "car_01k9q0w3e4r5t6y7v8b9n0m1a2";

const checkShape = z
  .object({ isOk: z.boolean(), problem: z.string().optional().describe("What the carrier says is wrong.") })
  .meta({ id: "CarrierAccountCheck" });

const check = createRoute({
  method: "post",
  path: "/v1/carrier-accounts/{id}/check",
  operationId: "checkCarrierAccount",
  tags: ["carrier-accounts"],
  summary: "Ask the carrier whether the credentials are good",
  request: { params: idParams(EXAMPLE_ID) },
  responses: { 200: jsonContent(checkShape, "What the carrier says."), ...PROBLEMS },
});

export function carrierAccountRoutes(
  deps: Pick<AppDeps, "documents" | "clock" | "vault" | "phoneNumbers" | "carrierGuard">,
) {
  const carrierAccounts = new Resources(deps, carrierAccountKind);
  const writing = { ...deps, guard: deps.carrierGuard, carrierAccounts };
  const routes = resourceRoutes({
    path: "/v1/carrier-accounts",
    ...{ name: "CarrierAccount", plural: "CarrierAccounts" },
    ...{ title: "a carrier account", titles: "carrier accounts" },
    exampleId: EXAMPLE_ID,
    shapes: carrierAccountShapes,
    verbs: toVerbs(carrierAccounts, {
      show: toPublicCarrierAccount,
      replace: {
        create: async (...given) => toPublicCarrierAccount(await createCarrierAccount(writing, ...given)),
        update: async (workspaceId, id, patch) =>
          toPublicCarrierAccount(await updateCarrierAccount(writing, workspaceId, { id, patch })),
        delete: (workspaceId, id) => deleteCarrierAccount(writing, workspaceId, id),
      },
    }),
  });
  return routes.openapi(check, async (c) =>
    c.json(await checkCarrierAccount(writing, c.get("principal").workspaceId, c.req.valid("param").id), 200),
  );
}
