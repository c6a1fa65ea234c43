import type { Vault } from "../secrets/vault.ts";
import { storableText } from "../storable-text.ts";

export const softphonePasswordShape = storableText({ min: 8, max: 100 });

/** Lets a softphone register as the number; what is absent changes nothing. */
export function sealSoftphonePassword(
  vault: Vault,
  password: string | null | undefined,
): { readonly sealedSoftphonePassword?: string | null } {
  if (password === undefined) return {};
  return { sealedSoftphonePassword: password === null ? null : vault.seal(password, CONTEXT) };
}

/** Undefined for a number that no softphone may register as. */
export function openSoftphonePassword(
  vault: Vault,
  { sealedSoftphonePassword }: { readonly sealedSoftphonePassword?: string },
): string | undefined {
  return sealedSoftphonePassword === undefined ? undefined : vault.open(sealedSoftphonePassword, CONTEXT);
}

const CONTEXT = "softphone password";
