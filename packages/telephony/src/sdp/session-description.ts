/** A session description as RFC 8866 has it: lines we don't interpret are kept in the place they came from. */

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

export type SdpAttribute = { readonly name: string; readonly value?: string };

export type SdpAddress = {
  readonly family: "IP4" | "IP6";
  /** An address or a host name; without the multicast suffixes. */
  readonly address: string;
};

export type SdpOrigin = SdpAddress & {
  readonly username: string;
  /** Digits of any length, hence text. */
  readonly sessionId: string;
  readonly sessionVersion: string;
};

export type MediaDescription = {
  /** `audio`, `video`, `image`, `application` … */
  readonly kind: string;
  /** 0: the stream is refused or not wanted. */
  readonly port: number;
  readonly protocol: string;
  /** Payload types for RTP, anything for other protocols. */
  readonly formats: readonly string[];
  readonly connection?: SdpAddress;
  readonly attributes: readonly SdpAttribute[];
};

export type SessionDescription = {
  readonly origin: SdpOrigin;
  readonly name: string;
  readonly connection?: SdpAddress;
  readonly attributes: readonly SdpAttribute[];
  readonly media: readonly MediaDescription[];
};

type Described = { readonly attributes: readonly SdpAttribute[] };

/** The value of the first attribute of that name; "" for one without a value. */
export function findAttribute(from: Described, name: string): string | undefined {
  const found = from.attributes.find((attribute) => attribute.name === name);
  return found && (found.value ?? "");
}

/** The values of all attributes of that name, in order. */
export function attributeValues(from: Described, name: string): string[] {
  return from.attributes.filter((attribute) => attribute.name === name).map((attribute) => attribute.value ?? "");
}

const DIRECTIONS: ReadonlySet<string> = new Set(["sendrecv", "sendonly", "recvonly", "inactive"]);

/** The last direction stated, which is the one that counts where a peer repeats itself. */
export function findDirection(from: Described): Direction | undefined {
  const stated = from.attributes.findLast((attribute) => DIRECTIONS.has(attribute.name));
  return stated?.name as Direction | undefined;
}
