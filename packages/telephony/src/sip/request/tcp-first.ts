import { serializeMessage } from "../message/serialize-message.ts";
import type { SipRequest } from "../message/sip-message.ts";
import type { Target } from "../transport/network.ts";

/** What Via and credentials may still add. */
const HEADROOM_BYTES = 200;

/** A request too large for a datagram is tried over TCP before UDP, at each address (RFC 3261 section 18.1.1). */
export function tcpFirst(request: SipRequest, targets: readonly Target[], aboveBytes: number): readonly Target[] {
  if (serializeMessage(request).length + HEADROOM_BYTES <= aboveBytes) return targets;
  return targets.flatMap((target) =>
    target.protocol === "udp" ? [{ ...target, protocol: "tcp" as const }, target] : [target],
  );
}
