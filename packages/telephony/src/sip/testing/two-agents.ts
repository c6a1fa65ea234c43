import { ManualClock } from "../../testing/manual-clock.ts";
import type { CallEvent, CallMedia } from "../call/call-event.ts";
import type { IncomingCall } from "../call/incoming-call.ts";
import type { InviteOptions, OutgoingCall } from "../call/outgoing-call.ts";
import { textBody } from "../message/sip-message.ts";
import { UserAgent, type UserAgentOptions } from "../user-agent.ts";
import { FakeWire } from "./fake-wire.ts";

export const ALICE = "192.0.2.1";
export const BOB = "192.0.2.2";
export const CAROL = "192.0.2.3";

/** An SDP as far as SIP looks into it. */
export const sdp = (name: string) => textBody("application/sdp", `v=0\r\ns=${name}\r\n`);

/** A media side that answers whatever it is offered. */
export function agreeingMedia(name = "media"): CallMedia & { readonly answers: string[] } {
  const answers: string[] = [];
  return {
    answers,
    onOffer: (offer) => sdp(`${name} answers ${nameIn(offer.content)}`),
    makeOffer: () => sdp(`${name} offers`),
    onAnswer: (answer) => {
      answers.push(nameIn(answer.content));
    },
  };
}

/** The s= line. */
export function nameIn(content: Uint8Array): string {
  return /s=(.*)\r\n/.exec(new TextDecoder().decode(content))?.[1] ?? "";
}

/** Watches a call and keeps what happens. */
export function recorder() {
  const events: CallEvent[] = [];
  return {
    events,
    onEvent: (event: CallEvent) => {
      events.push(event);
    },
    kinds: () => events.map(({ kind }) => kind),
    last: () => events.at(-1),
  };
}

/** Alice and Bob on one wire under one clock. */
export async function twoAgents(options: { alice?: Partial<UserAgentOptions>; bob?: Partial<UserAgentOptions> } = {}) {
  const clock = new ManualClock(0);
  const wire = new FakeWire(clock);
  const incoming: IncomingCall[] = [];
  const faults: unknown[] = [];
  const common = { clock, onFault: (fault: unknown) => faults.push(fault), lookup: noNames };
  const alice = new UserAgent({ ...common, network: wire.host(ALICE), ...options.alice });
  const bob = new UserAgent({
    ...common,
    network: wire.host(BOB),
    onIncomingCall: (call) => {
      incoming.push(call);
    },
    ...options.bob,
  });
  await alice.start();
  await bob.start();
  const invite = (more: Partial<InviteOptions> = {}): { call: OutgoingCall; seen: ReturnType<typeof recorder> } => {
    const seen = recorder();
    const call = alice.invite({
      target: `sip:bob@${BOB}`,
      from: `"Alice" <sip:alice@${ALICE}>`,
      body: sdp("offer"),
      watcher: { onEvent: seen.onEvent, media: agreeingMedia("alice") },
      ...more,
    });
    return { call, seen };
  };
  return { clock, wire, alice, bob, incoming, faults, invite };
}

/** Alice and Bob in a call that stands. */
export async function standingCall(options: Parameters<typeof twoAgents>[0] = {}) {
  const rig = await twoAgents(options);
  const { call, seen } = rig.invite();
  await rig.clock.pass(50);
  const [taken] = rig.incoming;
  if (!taken) throw new Error("Bob's phone didn't ring");
  const heard = recorder();
  taken.watch({ onEvent: heard.onEvent, media: agreeingMedia("bob") });
  taken.answer({ body: sdp("answer") });
  await rig.clock.pass(50);
  return { ...rig, call, seen, taken, heard };
}

const noNames = {
  addresses: (name: string) => Promise.resolve(name === "bob.example" ? [BOB] : []),
  services: () => Promise.resolve([]),
};
