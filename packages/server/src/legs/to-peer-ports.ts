import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { type Config, isLoopbackHost } from "../config.ts";
import type { PeerPorts } from "./open-peers.ts";

/** A machine with many networks: browsers try each address that they are told. */
const MAX_ADDRESSES = 8;

/**
 * Where browsers are told to send their sound; undefined where WebRTC is off. On a server for this machine alone they are
 * told its outer addresses too, as browsers send to no loopback address; what comes from other machines counts for nothing.
 */
export function toPeerPorts({ host, sip, webRtc }: Pick<Config, "host" | "sip" | "webRtc">): PeerPorts | undefined {
  if (!webRtc.isOn) return undefined;
  const isLocal = isLoopbackHost(host);
  const isOne = isIPv4(host) && host !== "0.0.0.0" && !isLocal;
  const named = isOne ? [host] : ownAddresses();
  const known = webRtc.addresses.length > 0 ? webRtc.addresses : named;
  const browserAddresses = [...new Set([...known, ...(isLocal ? ["127.0.0.1"] : [])])].slice(0, MAX_ADDRESSES);
  return {
    bindAddress: isOne ? host : "0.0.0.0",
    ports: sip.rtpPorts,
    browserAddresses,
    ...(isLocal ? { browserSources: [...ownAddresses(), "127.0.0.1"] } : {}),
  };
}

/** Of IPv4, but for loopback. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .flatMap(({ address, family, internal }) => (family === "IPv4" && !internal ? [address] : []));
}
