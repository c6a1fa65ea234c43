import type { DocumentStore } from "../documents/store.ts";
import type { Vault } from "../secrets/vault.ts";
import { type CarrierAccess, carrierAccountKind } from "./carrier-account.ts";
import { openCarrierAccount } from "./seal-credentials.ts";

/**
 * The account of this id with what opens it, in whatever workspace: for webhooks, which name it, and for numbers, which
 * a workspace may have from its parent's account. Undefined when there is none any more.
 */
export type FindCarrierAccount = (id: string) => Promise<CarrierAccess | undefined>;

export function createFindCarrierAccount(deps: {
  readonly documents: DocumentStore;
  readonly vault: Vault;
}): FindCarrierAccount {
  return async (id) => {
    const found = await deps.documents.findAnywhere(carrierAccountKind.name, id);
    if (found === undefined) return undefined;
    const { workspaceId, document, createdAt, updatedAt } = found;
    const settings = carrierAccountKind.shape.parse(document);
    return openCarrierAccount(deps.vault, workspaceId, { ...settings, id, createdAt, updatedAt });
  };
}
