import type { Earshot, PhoneNumber } from "@earshot/sdk";
import { CliError } from "../cli-error.ts";

/** The id of a number as people write it; ids themselves are believed. @throws CliError */
export async function findPhoneNumberId(client: Earshot, numberOrId: string): Promise<string> {
  if (numberOrId.startsWith("num_")) return numberOrId;
  const digits = numberOrId.replace(/\D/g, "");
  let released: PhoneNumber | undefined;
  if (digits !== "")
    for await (const number of client.phoneNumbers.list({ search: digits, limit: 100 })) {
      if (number.phoneNumber !== `+${digits}`) continue;
      if (number.status === "active") return number.id;
      released ??= number;
    }
  if (released !== undefined) return released.id;
  throw new CliError(`There is no phone number ${numberOrId}: see \`earshot phone-numbers list\`.`);
}
