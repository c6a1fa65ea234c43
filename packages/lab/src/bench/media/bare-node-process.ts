/** SIP and RTP without an agent: every call is answered and hears itself. What an agent costs is measured against it. */
import { randomBytes, randomInt } from "node:crypto";
import process from "node:process";
import {
  answerOffer,
  bodyText,
  type IncomingCall,
  MediaThread,
  parseSdp,
  SocketNetwork,
  SystemClock,
  serialiseSdp,
  startNegotiation,
  type ThreadedMedia,
  textBody,
  UserAgent,
} from "@earshot/telephony";

const HOST = "127.0.0.1";

const clock = new SystemClock();
const media = new MediaThread({ bindAddress: HOST });
const network = new SocketNetwork({ clock, host: HOST, udpPort: 0 });
const agent = new UserAgent({ clock, network, onIncomingCall: (call) => void answer(call) });
process.on("disconnect", () => process.exit(0));
await agent.start();
process.send?.({ port: agent.localAddress("udp", HOST)?.port ?? 0 });

async function answer(call: IncomingCall): Promise<void> {
  const { offer } = call;
  if (offer === undefined) return call.reject({ status: 488 });
  const ports = await media.openPorts();
  const makeKey = (bytes: number) => new Uint8Array(randomBytes(bytes));
  const codecs = ["opus", "G722", "PCMU", "PCMA"] as const;
  const own = startNegotiation({ address: HOST, codecs, rtpPort: ports.rtpPort, makeKey }, String(randomInt(2 ** 47)));
  const { agreement, description } = answerOffer(own, parseSdp(bodyText(offer)));
  let echo: ThreadedMedia | undefined;
  call.watch({
    onEvent: ({ kind }) => {
      if (kind === "confirmed")
        echo = ports.start(agreement, { onFrame: (frame) => void echo?.send(frame), onFailed: () => {} });
      else if (kind === "ended" || kind === "failed") ports.close();
    },
  });
  call.answer({ body: textBody("application/sdp", serialiseSdp(description)) });
}
