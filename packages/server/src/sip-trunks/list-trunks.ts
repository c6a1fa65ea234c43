import type { DocumentStore } from "../documents/store.ts";
import type { Vault } from "../secrets/vault.ts";
import type { SipTrunk } from "./sip-trunk.ts";
import { sipTrunkKind } from "./sip-trunk.ts";
import { openSipPassword } from "./write-sip-trunk.ts";

/** A trunk with what opens it. */
export type TrunkAccess = Omit<SipTrunk, "sealedPassword" | "sent" | "metadata" | "createdAt" | "updatedAt"> & {
  readonly workspaceId: string;
  readonly password?: string | undefined;
};

/** Those of all workspaces. */
export type ListTrunks = () => Promise<TrunkAccess[]>;

const MOST = 10_000;

export function createListTrunks(deps: { readonly documents: DocumentStore; readonly vault: Vault }): ListTrunks {
  return async () => {
    const stored = await deps.documents.listEverywhere(sipTrunkKind.name, MOST);
    return stored.flatMap(({ workspaceId, id, document, createdAt, updatedAt }) => {
      const parsed = sipTrunkKind.shape.safeParse(document);
      if (!parsed.success) return [];
      const trunk: SipTrunk = { ...parsed.data, id, createdAt, updatedAt };
      const password = openSipPassword(deps.vault, workspaceId, trunk);
      const { sealedPassword: _, sent: __, metadata: ___, createdAt: ____, updatedAt: _____, ...access } = trunk;
      return [{ ...access, workspaceId, ...(password === undefined ? {} : { password }) }];
    });
  };
}
