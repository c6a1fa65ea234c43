/** A telephone exchange on real sockets, with the real database and API, whose calls have no sound. */
import {
  type IncomingCall,
  MemoryLocationStore,
  Registrar,
  SocketNetwork,
  SystemClock,
  textBody,
  UserAgent,
} from "@earshot/telephony";
import { apiClient } from "../../../api/testing/api-client.ts";
import { testDeps } from "../../../api/testing/test-deps.ts";
import { createIdleCallControl } from "../../../calls/call-control.ts";
import type { Dialler } from "../../../calls/dialler.ts";
import type { ScheduledRequest } from "../../../calls/schedule-call.ts";
import { createListTrunks, type TrunkAccess } from "../../../sip-trunks/list-trunks.ts";
import type { TrunkWatch } from "../../../sip-trunks/trunk-status.ts";
import type { Database } from "../../../storage/database.ts";
import type { FromLine, ToLine } from "../line-messages.ts";
import { SipDesk, type SipDeskOptions } from "../sip-desk.ts";

const clock = new SystemClock();
export const AGENT_SAYS_NOTHING = { name: "Desk", greeting: { mode: "off" } };

type OwnDeskOptions = Partial<Pick<SipDeskOptions, "trusted" | "clock">> & {
  readonly knows?: (trunk: TrunkAccess) => boolean;
  readonly hasPorts?: boolean;
};
export type OwnDesk = Awaited<ReturnType<typeof startOwnDesk>>;

const NO_PORTS = { kind: "failed", code: "no_free_port", message: "All 1 RTP port pairs are in use" } as const;

/** @param given `knows`: the trunks that it takes notice of; default: all. `hasPorts`: for sound; default: true */
export async function startOwnDesk(database: Database, given: OwnDeskOptions = {}) {
  const { knows = () => true, hasPorts = true, ...options } = given;
  const orders: ToLine[] = [];
  const over = new Map<string, PromiseWithResolvers<void>>();
  const overOf = (callId: string) => {
    const known = over.get(callId) ?? Promise.withResolvers<void>();
    over.set(callId, known);
    return known;
  };
  const control = {
    ...createIdleCallControl(),
    end: async (callId: string) => {
      overOf(callId).resolve();
      return false;
    },
  };
  const desk: { current?: SipDesk } = {};
  const scheduled: { callId: string; request: ScheduledRequest; at: string }[] = [];
  const dialler: Dialler = { dial: async (...given) => (await desk.current?.dial(...given)) ?? false };
  const trunkWatch: TrunkWatch = {
    statusOf: (id) => desk.current?.trunks.statusOf(id),
    changed: async () => desk.current?.trunks.changed(),
  };
  const deps = testDeps(database, {
    ...{ control, trunkWatch },
    schedule: async (callId, request, at) => void scheduled.push({ callId, request, at }),
  });
  const appDeps = { ...deps, dialler };
  const reports = new Set<(report: FromLine) => void>();
  desk.current = new SipDesk({
    ...{ host: "127.0.0.1", port: 0, clock, log: deps.log, metrics: deps.metrics },
    trusted: ["127.0.0.0/8"],
    deps: { ...deps, listTrunks: async () => (await createListTrunks(deps)()).filter(knows) },
    thread: {
      isDraining: false,
      watchHandOvers: () => {},
      whenOver: (callId) => overOf(callId).promise,
      openLine: (onReport) => {
        reports.add(onReport);
        queueMicrotask(() => onReport(hasPorts ? { kind: "opened", rtpPort: 40_000 } : NO_PORTS));
        return {
          send: (order) => {
            orders.push(order);
            if (order.kind === "connect") void deps.calls.markActive(order.callId, deps.clock.now().toISOString());
          },
          close: () => {},
        };
      },
    },
    onQuality: async () => {},
    ...options,
  });
  await desk.current.start();
  const client = apiClient(database, appDeps);
  const make = async (path: string, body: object): Promise<Readonly<Record<string, unknown>> & { id: string }> => {
    const answer = await client.send("POST", path, body);
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body as Readonly<Record<string, unknown>> & { id: string };
  };
  return {
    ...{ client, make, orders, scheduled, deps: appDeps },
    send: client.send,
    desk: desk.current,
    /** As the agent hangs up. */
    hangUp: () => {
      for (const report of reports) report({ kind: "hang-up", reason: "done" });
    },
    port: Number(desk.current.address.split(":")[1]),
    close: async () => desk.current?.close(),
  };
}

export type Provider = Awaited<ReturnType<typeof startProvider>>;

export const ANSWER = [
  ...["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"],
  ...["m=audio 9 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", ""],
].join("\r\n");

/** A provider's SIP server: takes calls as `onCall` says, and registrations of `4711` with the password `secret`. */
export async function startProvider(onCall: (call: IncomingCall) => void = answer) {
  const calls: IncomingCall[] = [];
  const store = new MemoryLocationStore();
  const registrar = new Registrar({
    ...{ clock, store, realm: "provider" },
    findSecret: (username) => (username === "4711" ? { password: "secret" } : undefined),
  });
  const network = new SocketNetwork({ clock, host: "127.0.0.1", udpPort: 0 });
  const agent = new UserAgent({
    ...{ clock, network },
    onRegister: registrar.handle,
    onIncomingCall: (call) => {
      calls.push(call);
      onCall(call);
    },
  });
  await agent.start();
  const port = agent.localAddress("udp")?.port ?? 0;
  return { agent, calls, registrar, port, trunk: { name: "Provider", host: "127.0.0.1", port } };
}

function answer(call: IncomingCall): void {
  call.progress();
  call.answer({ body: textBody("application/sdp", ANSWER) });
}

export function refuseWith(status: number): (call: IncomingCall) => void {
  return (call) => call.reject({ status });
}
