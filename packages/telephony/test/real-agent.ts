import {
  type CallEvent,
  type IncomingCall,
  type InviteOptions,
  type OutgoingCall,
  SocketNetwork,
  type SocketNetworkOptions,
  textBody,
  UserAgent,
  type UserAgentOptions,
} from "@earshot/telephony";
import { realClock } from "./real-clock.ts";

/** An SDP that real phones take: G.711 at a port nobody listens on. */
export const realSdp = textBody(
  "application/sdp",
  [
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "c=IN IP4 127.0.0.1",
    "t=0 0",
    "m=audio 9 RTP/AVP 0 8",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:8 PCMA/8000",
    "a=sendrecv",
    "",
  ].join("\r\n"),
);

/** What happens to a call, waited for. */
export function waiter() {
  const events: CallEvent[] = [];
  const waiting = new Set<() => void>();
  return {
    events,
    onEvent: (event: CallEvent) => {
      events.push(event);
      for (const look of waiting) look();
    },
    kinds: () => events.map(({ kind }) => kind),
    /** The first event of a kind, now or later. */
    until: <Kind extends CallEvent["kind"]>(kind: Kind): Promise<CallEvent & { kind: Kind }> =>
      new Promise((resolve) => {
        const look = () => {
          const found = events.find((event): event is CallEvent & { kind: Kind } => event.kind === kind);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** A user agent on sockets of this machine, on any free ports. */
export async function startAgent(
  network: Partial<SocketNetworkOptions> = {},
  options: Partial<UserAgentOptions> = {},
): Promise<UserAgent> {
  const agent = new UserAgent({
    clock: realClock,
    network: new SocketNetwork({ clock: realClock, host: "127.0.0.1", udpPort: 0, tcpPort: 0, ...network }),
    ...options,
  });
  await agent.start();
  return agent;
}

/** Rings, then answers, and keeps the calls and what happened to them. */
export function answering() {
  const calls: { call: IncomingCall; seen: ReturnType<typeof waiter> }[] = [];
  return {
    calls,
    onIncomingCall: (call: IncomingCall) => {
      const seen = waiter();
      calls.push({ call, seen });
      call.watch({
        onEvent: seen.onEvent,
        media: { onOffer: () => realSdp, makeOffer: () => realSdp, onAnswer: () => {} },
      });
      call.progress();
      call.answer({ body: realSdp });
    },
  };
}

/** Places a call and watches it. */
export function place(
  agent: UserAgent,
  options: Partial<InviteOptions> & { target: string },
): {
  call: OutgoingCall;
  seen: ReturnType<typeof waiter>;
} {
  const seen = waiter();
  const media = { onOffer: () => realSdp, makeOffer: () => realSdp, onAnswer: () => {} };
  const watcher = { onEvent: seen.onEvent, media };
  const call = agent.invite({ from: "sip:earshot@127.0.0.1", body: realSdp, watcher, ...options });
  return { call, seen };
}
