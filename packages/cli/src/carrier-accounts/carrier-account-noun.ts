import type { CarrierAccountCheck } from "@earshot/sdk";
import { defineNoun } from "../nouns/noun.ts";

export const carrierAccountNoun = defineNoun({
  name: "carrier-accounts",
  one: "carrier account",
  about: "accounts with carriers, which sell numbers and bring calls and messages",
  of: (client) => client.carrierAccounts,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    PROVIDER: ({ provider }) => provider,
    ACCOUNT: ({ accountName }) => accountName,
  },
  verbs: [
    {
      name: "check",
      about: "ask the carrier whether the credentials are good",
      run: (client, { id }) => client.carrierAccounts.check(id),
      toText: (check) => (check as CarrierAccountCheck).problem ?? "The carrier accepts them.",
    },
  ],
});
