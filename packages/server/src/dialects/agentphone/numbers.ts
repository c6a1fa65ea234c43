import { z } from "zod";
import { createPhoneNumber } from "../../phone-numbers/create-phone-number.ts";
import { newPhoneNumberShape, type PhoneNumber } from "../../phone-numbers/phone-number.ts";
import { releasePhoneNumber } from "../../phone-numbers/release-phone-number.ts";
import { storableText } from "../../storable-text.ts";
import { type DialectApp, type DialectDeps, parseQuery } from "../kit/open-dialect.ts";
import { DIALECT } from "./agent-view.ts";
import { refuse } from "./errors.ts";
import { pageQuery, toOffsetPage } from "./pages.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";

const listQuery = z.object(pageQuery());

const newNumberShape = z.looseObject({
  country: newPhoneNumberShape.shape.country,
  areaCode: newPhoneNumberShape.shape.areaCode.nullable(),
  agentId: storableText({ min: 1, max: 64 }).nullable().optional(),
});

export function addNumberRoutes(app: DialectApp, deps: DialectDeps): void {
  const { phoneNumbers } = deps;

  app.get("/v1/numbers", async (c) => {
    const query = parseQuery(c, listQuery);
    const status = "active" as const;
    const [found, total] = await Promise.all([
      phoneNumbers.list(workspaceOf(c), { ...query, status }),
      phoneNumbers.count(workspaceOf(c), { status }),
    ]);
    return c.json(toOffsetPage(found.map(toNumber), total, query));
  });

  app.post("/v1/numbers", async (c) => {
    const { given, sent } = await readBody(c, newNumberShape);
    const { country, areaCode, agentId } = given;
    const created = await createPhoneNumber(deps, workspaceOf(c), {
      country,
      ...(areaCode === null || areaCode === undefined ? {} : { areaCode }),
      ...(agentId === null || agentId === undefined ? {} : { agentId }),
      metadata: {},
      sent: { [DIALECT]: sent },
    });
    return c.json(toNumber(created));
  });

  app.get("/v1/numbers/:numberId", async (c) =>
    c.json(toNumber(await readNumber(deps, workspaceOf(c), pathPart(c, "numberId")))),
  );

  app.delete("/v1/numbers/:numberId", async (c) => {
    const { id } = await readNumber(deps, workspaceOf(c), pathPart(c, "numberId"));
    const { phoneNumber, status } = await releasePhoneNumber(deps, workspaceOf(c), id);
    return c.json({ success: true, phoneNumber, status });
  });
}

/** @throws AppError with the vendor's own code */
export async function readNumber(
  { phoneNumbers }: Pick<DialectDeps, "phoneNumbers">,
  workspaceId: string,
  id: string,
): Promise<PhoneNumber> {
  const number = await phoneNumbers.find(workspaceId, id);
  if (number === undefined)
    throw refuse("PHONE_NUMBER_NOT_FOUND", `there is no phone number "${id.slice(0, 64)}"`, { status: 404 });
  return number;
}

function toNumber({ id, phoneNumber, country, status, agentId, createdAt }: PhoneNumber) {
  return { id, phoneNumber, country, status, type: "sms", agentId: agentId ?? null, createdAt };
}
