import { AppError } from "../app-error.ts";
import type { ByteRange } from "../recordings/object-store.ts";

/**
 * Reads a Range header (RFC 9110 section 14). Undefined means: send everything, also when several ranges are asked for.
 * @throws AppError `range_not_satisfiable`
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null) return undefined;
  const [first, last] = [match[1] ?? "", match[2] ?? ""];
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (first !== "" && last !== "" && Number(last) < start) return undefined;
  if (start >= sizeBytes || (first === "" && Number(last) === 0))
    throw new AppError("range_not_satisfiable", `the recording has ${sizeBytes} bytes`);
  return { start, end };
}
