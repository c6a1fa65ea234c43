/** The settings of WebRTC; read with all others by config.ts. */
import { isIPv4 } from "node:net";
import { z } from "zod";
import { StartupError } from "./app-error.ts";

/** The sound of calls from browsers, beside their sockets. */
export type WebRtcConfig = {
  readonly isOn: boolean;
  /** Where browsers reach this machine; empty = its own addresses. */
  readonly addresses: readonly string[];
  /** STUN and TURN servers that browsers are told of. */
  readonly iceUrls: readonly string[];
  /** How browsers prove themselves to the TURN servers. */
  readonly turn: { readonly secret: string } | { readonly username: string; readonly password: string } | undefined;
};

const listOf = (isRight: (entry: string) => boolean, rule: string) =>
  z
    .string()
    .transform((text) => text.split(",").flatMap((entry) => entry.trim() || []))
    .refine((entries) => entries.every(isRight), rule);

export const webRtcEnvironment = {
  EARSHOT_WEBRTC: z
    .enum(["on", "off"])
    .prefault("on")
    .describe(
      "Whether browsers may send their sound over WebRTC. `off`: it goes over the call's WebSocket, as it does wherever " +
        "WebRTC finds no way.",
    ),
  EARSHOT_WEBRTC_ADDRESS: listOf(isIPv4, "must be IPv4 addresses such as 192.0.2.10")
    .prefault("")
    .describe(
      "Comma-separated IPv4 addresses at which browsers beyond a NAT reach this server, by UDP at EARSHOT_RTP_PORTS. Unset: " +
        "EARSHOT_SIP_ADDRESS if that is one, else the machine's own.",
    ),
  EARSHOT_ICE_SERVERS: listOf(
    (entry) => /^(stuns?|turns?):[^\s/]+$/i.test(entry),
    "must be servers such as stun:stun.example.com:3478",
  )
    .prefault("")
    .describe(
      "Comma-separated STUN and TURN servers that browsers are told of, e.g. turn:turn.example.com:3478?transport=tcp.",
    ),
  EARSHOT_TURN_SECRET: z
    .string()
    .optional()
    .describe(
      "The secret that the TURN servers share (coturn's static-auth-secret): each call gets credentials that expire.",
    ),
  EARSHOT_TURN_USERNAME: z
    .string()
    .optional()
    .describe("Where the TURN servers know one user instead: its name, which every browser is told."),
  EARSHOT_TURN_PASSWORD: z.string().optional().describe("Its password, which every browser is told."),
};

const environment = z.object(webRtcEnvironment);

/** @throws StartupError naming the settings that don't go together */
export function toWebRtc(
  value: z.output<typeof environment> & { readonly EARSHOT_SIP_ADDRESS?: string | undefined },
): WebRtcConfig {
  const { EARSHOT_SIP_ADDRESS: sipAddress = "", EARSHOT_WEBRTC_ADDRESS: addresses } = value;
  const { EARSHOT_TURN_SECRET: secret, EARSHOT_TURN_USERNAME: username, EARSHOT_TURN_PASSWORD: password } = value;
  if ((username === undefined) !== (password === undefined))
    throw new StartupError("EARSHOT_TURN_USERNAME and EARSHOT_TURN_PASSWORD belong together: set both or neither");
  const user = username === undefined || password === undefined ? undefined : { username, password };
  return {
    isOn: value.EARSHOT_WEBRTC === "on",
    addresses: addresses.length === 0 && isIPv4(sipAddress) ? [sipAddress] : addresses,
    iceUrls: value.EARSHOT_ICE_SERVERS,
    turn: secret === undefined ? user : { secret },
  };
}
