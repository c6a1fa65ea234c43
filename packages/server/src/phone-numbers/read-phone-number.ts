import { AppError } from "../app-error.ts";
import type { PhoneNumber } from "./phone-number.ts";
import type { PhoneNumberStore } from "./store.ts";

/** Whatever its status. @throws AppError `not_found` */
export async function readPhoneNumber(store: PhoneNumberStore, workspaceId: string, id: string): Promise<PhoneNumber> {
  const number = await store.find(workspaceId, id);
  if (number === undefined) throw phoneNumberNotFound(id);
  return number;
}

export function phoneNumberNotFound(id: string): AppError {
  return new AppError("not_found", `there is no phone number "${id}"`);
}
