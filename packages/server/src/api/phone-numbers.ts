import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { createPhoneNumber } from "../phone-numbers/create-phone-number.ts";
import { listPhoneNumbers } from "../phone-numbers/list-phone-numbers.ts";
import {
  newPhoneNumberShape,
  PHONE_NUMBER_STATUSES,
  phoneNumberPatchShape,
  phoneNumberShape,
  toPublicPhoneNumber,
} from "../phone-numbers/phone-number.ts";
import { readPhoneNumber } from "../phone-numbers/read-phone-number.ts";
import { releasePhoneNumber } from "../phone-numbers/release-phone-number.ts";
import { updatePhoneNumber } from "../phone-numbers/update-phone-number.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["phone-numbers"];
const params = idParams("num_01k9q0w3e4r5t6y7v8b9n0m1a2");
const aNumber = { 200: jsonContent(phoneNumberShape, "The number."), ...PROBLEMS };

const create = createRoute({
  method: "post",
  path: "/v1/phone-numbers",
  operationId: "createPhoneNumber",
  tags,
  summary: "Add a phone number",
  description:
    "Bring a number of your own, or leave phoneNumber out: one is drawn from a range that regulators keep free of " +
    "subscribers. Such local numbers call and write to each other on this installation.",
  request: jsonBody(newPhoneNumberShape),
  responses: { 201: jsonContent(phoneNumberShape, "The number."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/phone-numbers",
  operationId: "listPhoneNumbers",
  tags,
  summary: "List phone numbers, newest first",
  request: {
    query: z.object({
      ...pageQueryShape,
      status: z.enum(PHONE_NUMBER_STATUSES).optional(),
      agentId: z.string().max(64).optional(),
      search: z.string().max(40).optional().describe("Part of the number."),
    }),
  },
  responses: { 200: jsonContent(pageShape(phoneNumberShape, "PhoneNumberPage"), "A page of numbers."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/phone-numbers/{id}",
  operationId: "readPhoneNumber",
  tags,
  summary: "Read a phone number, whatever its status",
  request: { params },
  responses: aNumber,
});

const update = createRoute({
  method: "patch",
  path: "/v1/phone-numbers/{id}",
  operationId: "updatePhoneNumber",
  tags,
  summary: "Change a phone number, attach and detach it",
  description: "What is absent stays; null removes. A number with an agent is answered by it.",
  request: { params, ...jsonBody(phoneNumberPatchShape) },
  responses: aNumber,
});

const release = createRoute({
  method: "delete",
  path: "/v1/phone-numbers/{id}",
  operationId: "releasePhoneNumber",
  tags,
  summary: "Release a phone number for good",
  description:
    "Its calls and messages stay, and so does the number itself with the status released. A number that was bought here " +
    "goes back to its carrier, and is paid for no more.",
  request: {
    params,
    query: z.object({
      keepAtCarrier: z
        .enum(["true", "false"])
        .optional()
        .describe("Whether the carrier's account keeps it. Default: true unless it was bought here."),
    }),
  },
  responses: { 200: jsonContent(phoneNumberShape, "The number as it was."), ...PROBLEMS },
});

type Deps = Pick<
  AppDeps,
  "vault" | "phoneNumbers" | "agents" | "documents" | "clock" | "findCarrierAccount" | "carrierGuard"
>;

export function phoneNumberRoutes(deps: Deps) {
  const { phoneNumbers } = deps;
  return newRouter()
    .openapi(create, async (c) => {
      const number = await createPhoneNumber(deps, c.get("principal").workspaceId, c.req.valid("json"));
      return c.json(toPublicPhoneNumber(number), 201);
    })
    .openapi(list, async (c) => {
      const { workspaceId } = c.get("principal");
      const { data, ...rest } = await listPhoneNumbers(phoneNumbers, workspaceId, c.req.valid("query"));
      return c.json({ data: data.map(toPublicPhoneNumber), ...rest }, 200);
    })
    .openapi(read, async (c) => {
      const number = await readPhoneNumber(phoneNumbers, c.get("principal").workspaceId, c.req.valid("param").id);
      return c.json(toPublicPhoneNumber(number), 200);
    })
    .openapi(update, async (c) => {
      const change = { ...c.req.valid("param"), patch: c.req.valid("json") };
      return c.json(toPublicPhoneNumber(await updatePhoneNumber(deps, c.get("principal").workspaceId, change)), 200);
    })
    .openapi(release, async (c) => {
      const { keepAtCarrier } = c.req.valid("query");
      const released = await releasePhoneNumber(deps, c.get("principal").workspaceId, c.req.valid("param").id, {
        isKeptAtCarrier: keepAtCarrier === undefined ? undefined : keepAtCarrier === "true",
      });
      return c.json(toPublicPhoneNumber(released), 200);
    });
}
