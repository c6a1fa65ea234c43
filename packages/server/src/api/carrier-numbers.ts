/** Numbers of carriers, and several numbers at once. */
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { AppDeps } from "../http/app-deps.ts";
import { addRange } from "../phone-numbers/add-range.ts";
import { buyPhoneNumber } from "../phone-numbers/buy-phone-number.ts";
import {
  type AddedNumbers,
  addedNumbersShape,
  availableNumberShape,
  availableQueryShape,
  importShape,
  moveShape,
  purchaseShape,
  rangeShape,
} from "../phone-numbers/carrier-number-shapes.ts";
import { importPhoneNumbers } from "../phone-numbers/import-phone-numbers.ts";
import { movePhoneNumber } from "../phone-numbers/move-phone-number.ts";
import { type PhoneNumber, phoneNumberShape, toPublicPhoneNumber } from "../phone-numbers/phone-number.ts";
import { searchAvailable } from "../phone-numbers/search-available.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["phone-numbers"];
const added = { 201: jsonContent(addedNumbersShape, "What was added, and what wasn't."), ...PROBLEMS };

const search = createRoute({
  method: "get",
  path: "/v1/phone-numbers/available",
  operationId: "searchAvailablePhoneNumbers",
  tags,
  summary: "Search the numbers that a carrier sells",
  request: { query: availableQueryShape },
  responses: {
    200: jsonContent(
      z.object({ data: z.array(availableNumberShape) }).meta({ id: "AvailablePhoneNumbers" }),
      "Numbers, in the carrier's order.",
    ),
    ...PROBLEMS,
  },
});

const buy = createRoute({
  method: "post",
  path: "/v1/phone-numbers/buy",
  operationId: "buyPhoneNumber",
  tags,
  summary: "Buy a number from a carrier",
  description:
    "It costs what the carrier charges. Its calls and messages come to this server, which must have EARSHOT_PUBLIC_URL. " +
    "With an Idempotency-Key a request that is sent twice buys once. When the carrier's answer is lost, the number is " +
    "listed within minutes if it was bought.",
  request: jsonBody(purchaseShape),
  responses: { 201: jsonContent(phoneNumberShape, "The number."), ...PROBLEMS },
});

const bring = createRoute({
  method: "post",
  path: "/v1/phone-numbers/import",
  operationId: "importPhoneNumbers",
  tags,
  summary: "Add numbers that a carrier account has already",
  description: "Their calls and messages come to this server from now on, which must have EARSHOT_PUBLIC_URL.",
  request: jsonBody(importShape),
  responses: added,
});

const range = createRoute({
  method: "post",
  path: "/v1/phone-numbers/range",
  operationId: "addPhoneNumberRange",
  tags,
  summary: "Add a range of a trunk's numbers",
  request: jsonBody(rangeShape),
  responses: added,
});

const move = createRoute({
  method: "post",
  path: "/v1/phone-numbers/{id}/move",
  operationId: "movePhoneNumber",
  tags,
  summary: "Give a number to a workspace that this one made",
  description:
    "There it is a new number that nobody answers yet; here it stays with the status released, with its calls and messages.",
  request: { params: idParams("num_01k9q0w3e4r5t6y7v8b9n0m1a2"), ...jsonBody(moveShape) },
  responses: { 201: jsonContent(phoneNumberShape, "The number in its new workspace."), ...PROBLEMS },
});

type Deps = Pick<
  AppDeps,
  | "vault"
  | "phoneNumbers"
  | "agents"
  | "documents"
  | "workspaces"
  | "clock"
  | "carrierGuard"
  | "findCarrierAccount"
  | "carrierJobs"
  | "publicUrl"
>;

export function carrierNumberRoutes(deps: Deps) {
  return newRouter()
    .openapi(search, async (c) => {
      const data = await searchAvailable(deps, c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: data.map((one) => ({ ...one, capabilities: [...one.capabilities] })) }, 200);
    })
    .openapi(buy, async (c) => {
      const number = await buyPhoneNumber(deps, c.get("principal").workspaceId, c.req.valid("json"));
      return c.json(toPublicPhoneNumber(number), 201);
    })
    .openapi(bring, async (c) => {
      const { workspaceId } = c.get("principal");
      return c.json(toPublic(await importPhoneNumbers(deps, workspaceId, c.req.valid("json"))), 201);
    })
    .openapi(range, async (c) =>
      c.json(toPublic(await addRange(deps, c.get("principal").workspaceId, c.req.valid("json"))), 201),
    )
    .openapi(move, async (c) => {
      const wanted = { ...c.req.valid("param"), ...c.req.valid("json") };
      return c.json(toPublicPhoneNumber(await movePhoneNumber(deps, c.get("principal").workspaceId, wanted)), 201);
    });
}

function toPublic({ data, skipped }: AddedNumbers<PhoneNumber>) {
  return { data: data.map(toPublicPhoneNumber), skipped: skipped.map((one) => ({ ...one })) };
}
