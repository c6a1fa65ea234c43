import type { MediaCapabilities } from "@earshot/telephony";
import type { TrunkAccess } from "../../sip-trunks/list-trunks.ts";
import type { SipLineOptions } from "./sip-line.ts";

const ENCRYPTION = { off: "never", allowed: "allowed", required: "required" } as const;

/** How the sound of a call is agreed on: by the trunk's settings, or as softphones get it. */
export function toSound(address: string, trunk: TrunkAccess | undefined): Pick<SipLineOptions, "capabilities"> {
  const all: MediaCapabilities["codecs"] = ["opus", "G722", "PCMU", "PCMA"];
  if (trunk === undefined) return { capabilities: { address, codecs: all } };
  const { codecs, mediaEncryption, dtmf } = trunk;
  const encryption = ENCRYPTION[mediaEncryption];
  return { capabilities: { address, codecs, preference: "own", encryption, hasTelephoneEvent: dtmf === "auto" } };
}
