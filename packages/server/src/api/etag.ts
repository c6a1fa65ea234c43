import { AppError } from "../app-error.ts";

type Revised = { readonly revision: number; readonly version: number };

/** Changes with each edit and each deployment. */
export function toETag({ revision, version }: Revised): string {
  return `"${revision}-${version}"`;
}

/**
 * The revision that If-Match asks for; undefined when any will do.
 * @throws AppError `precondition_failed` for tags that no agent of ours ever had
 */
export function expectedRevision(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  const revision = /^"(\d{1,9})-\d{1,9}"$/.exec(ifMatch.trim())?.[1];
  if (revision === undefined)
    throw new AppError("precondition_failed", "If-Match: send the ETag as it came with the agent");
  return Number(revision);
}
