import { BlockList, isIP } from "node:net";

/** Addresses and networks in CIDR notation, IPv4 and IPv6. */
export class AllowList {
  readonly #list = new BlockList();
  readonly size: number;

  /** @throws RangeError that names the entry and the form wanted */
  constructor(entries: readonly string[]) {
    this.size = entries.length;
    for (const entry of entries) this.#add(entry);
  }

  has(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#list.check(address, family === 6 ? "ipv6" : "ipv4");
  }

  #add(entry: string): void {
    const [address = "", prefix] = entry.trim().split("/");
    const family = isIP(address);
    const bits = family === 6 ? 128 : 32;
    const length = prefix === undefined ? bits : Number(prefix);
    if (family === 0 || !/^\d{1,3}$/.test(prefix ?? "0") || length > bits) {
      throw new RangeError(
        `${JSON.stringify(entry)} is not an address such as 192.0.2.1 or a network such as 192.0.2.0/24`,
      );
    }
    this.#list.addSubnet(address, length, family === 6 ? "ipv6" : "ipv4");
  }
}
