import { toE164 } from "../../phone-numbers/parse-phone-number.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { refuse } from "./errors.ts";
import { pathPart, workspaceOf } from "./requests.ts";

/** Where phones are is known to nobody here: no such service is connected. */
export function addLocationRoutes(app: DialectApp, { contacts, clock }: DialectDeps): void {
  app.get("/v1/location/:phoneNumber", async (c) => {
    const phoneNumber = toE164(pathPart(c, "phoneNumber"));
    const contact = await contacts.findByNumber(workspaceOf(c), phoneNumber);
    if (!/^\+\d{5,15}$/.test(phoneNumber) && contact === undefined)
      throw refuse("PHONE_NUMBER_NOT_FOUND", "give a phone number in E.164, such as +12125550100", { status: 404 });
    const lastUpdated = Math.floor(clock.now().getTime() / 1000);
    return c.json({ phoneNumber, latitude: null, longitude: null, status: "unavailable", lastUpdated });
  });

  app.post("/v1/location/refresh", (c) => c.json({ success: false }));
}
