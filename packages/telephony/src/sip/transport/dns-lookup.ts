import { lookup, resolveSrv } from "node:dns/promises";
import type { NameLookup } from "./resolve-target.ts";

/** Asks the resolver of this machine; a name that isn't found is no error. */
export const dnsLookup: NameLookup = {
  async addresses(name) {
    try {
      return (await lookup(name, { all: true })).map(({ address }) => address);
    } catch {
      return [];
    }
  },
  async services(name) {
    try {
      const records = await resolveSrv(name);
      return records.sort((one, other) => one.priority - other.priority || other.weight - one.weight);
    } catch {
      return [];
    }
  },
};
