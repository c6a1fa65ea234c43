import { AppError } from "../../app-error.ts";
import type { DialectApp } from "../kit/open-dialect.ts";

/** Newer than the published client, and of no known shape: our own API has trunks. */
export function addSipTrunkRoutes(app: DialectApp): void {
  const refuseTrunks = () => {
    throw new AppError("not_supported", "SIP trunks are not part of this API here: use POST /v1/sip-trunks of Earshot");
  };
  app.all("/v1/sip-trunks", refuseTrunks);
  app.all("/v1/sip-trunks/*", refuseTrunks);
}
