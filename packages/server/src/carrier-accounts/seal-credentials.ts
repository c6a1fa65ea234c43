import type { Vault } from "../secrets/vault.ts";
import type { CarrierAccess, CarrierAccount } from "./carrier-account.ts";

/** @param credentials of whichever provider, checked */
export function sealCredentials(vault: Vault, workspaceId: string, credentials: object): string {
  return vault.seal(JSON.stringify(credentials), contextOf(workspaceId));
}

/** The account with what opens it. */
export function openCarrierAccount(vault: Vault, workspaceId: string, account: CarrierAccount): CarrierAccess {
  const credentials: unknown = JSON.parse(vault.open(account.sealedCredentials, contextOf(workspaceId)));
  const { id, name, provider, apiUrl, voiceApplicationId, messagingProfileId, keywordReplies } = account;
  const { transfers, pricePerMinute } = account;
  const settings = { id, name, apiUrl, voiceApplicationId, messagingProfileId, keywordReplies };
  return { ...settings, transfers, pricePerMinute, workspaceId, provider, credentials } as CarrierAccess;
}

function contextOf(workspaceId: string): string {
  return `${workspaceId} carrier credentials`;
}
