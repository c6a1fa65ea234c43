/**
 * Who calls whom, as a dialplan can write it into the UUID of an AudioSocket: 16 digits of the caller and 16 of the
 * called number, filled up with zeros on the left. Undefined when no number is called so.
 */
export function readCallUuid(uuid: Uint8Array): { readonly from: string; readonly to: string } | undefined {
  const digits = Buffer.from(uuid).toString("hex");
  if (!/^\d{32}$/.test(digits)) return undefined;
  const [from = "", to = ""] = [digits.slice(0, 16), digits.slice(16)].map((each) => each.replace(/^0+/, ""));
  return to === "" ? undefined : { from, to };
}
