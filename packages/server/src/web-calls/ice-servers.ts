import { createHmac } from "node:crypto";
import type { WallClock } from "../wall-clock.ts";
import type { WebRtcConfig } from "../web-rtc-config.ts";

/** As RTCPeerConnection takes it. */
export type IceServer = { readonly urls: string[]; readonly username?: string; readonly credential?: string };

/** Longer than a call: a browser may ask its relay anew in the course of it. */
const CREDENTIALS_LAST_S = 6 * 3600;

/**
 * What a browser is told of STUN and TURN servers. With a secret that the TURN server shares, each call gets credentials
 * of its own that expire: `<expiry>:<call>` and its HMAC, as coturn's `use-auth-secret` checks them.
 */
export function iceServersFor(
  { iceUrls, turn }: Pick<WebRtcConfig, "iceUrls" | "turn">,
  clock: WallClock,
  callId: string,
): IceServer[] {
  const isRelay = (url: string) => /^turns?:/i.test(url);
  const plain = iceUrls.filter((url) => !isRelay(url));
  const relays = iceUrls.filter(isRelay);
  return [
    ...(plain.length === 0 ? [] : [{ urls: plain }]),
    ...(relays.length === 0 ? [] : [{ urls: relays, ...toCredentials(turn, clock, callId) }]),
  ];
}

function toCredentials(turn: WebRtcConfig["turn"], clock: WallClock, callId: string): Partial<IceServer> {
  if (turn === undefined) return {};
  if ("password" in turn) return { username: turn.username, credential: turn.password };
  const username = `${Math.floor(clock.now().getTime() / 1000) + CREDENTIALS_LAST_S}:${callId}`;
  return { username, credential: createHmac("sha1", turn.secret).update(username).digest("base64") };
}
