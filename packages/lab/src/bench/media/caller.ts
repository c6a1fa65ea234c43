/** One phone call of the load: signalling by the same stack as the server's, sound by `RtpLine`. */
import { randomBytes, randomInt } from "node:crypto";
import {
  acceptAnswer,
  bodyText,
  type MediaAgreement,
  makeOffer,
  parseSdp,
  type SipBody,
  serialiseSdp,
  startNegotiation,
  textBody,
  type UserAgent,
} from "@earshot/telephony";
import type { CallPlan } from "./messages.ts";
import type { RtpLine } from "./rtp-line.ts";

const HOST = "127.0.0.1";

export type CallerOptions = {
  readonly agent: UserAgent;
  readonly plan: CallPlan;
  readonly rtpPort: number;
  readonly openLine: (agreement: MediaAgreement) => RtpLine;
};

export type Caller = {
  readonly invitedMs: number;
  /** Settles when the call was answered, or came to nothing. */
  readonly settled: Promise<void>;
  readonly answeredMs: number | undefined;
  readonly line: RtpLine | undefined;
  /** Why it came to nothing, or ended before it was hung up. */
  readonly failure: string | undefined;
  readonly over: Promise<void>;
  hangUp(): void;
};

export function placeCall({ agent, plan, rtpPort, openLine }: CallerOptions): Caller {
  const [settled, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const offered = makeOffer(
    startNegotiation(
      {
        ...{ address: HOST, rtpPort, codecs: [plan.codec] },
        encryption: plan.isEncrypted ? "required" : "never",
        makeKey: (bytes) => new Uint8Array(randomBytes(bytes)),
      },
      String(randomInt(1, 2 ** 47)),
    ),
  );
  let hasHungUp = false;
  const state = { answeredMs: undefined, line: undefined, failure: undefined } as {
    answeredMs: number | undefined;
    line: RtpLine | undefined;
    failure: string | undefined;
  };
  const fail = (why: string) => {
    if (!hasHungUp) state.failure ??= why;
    settled.resolve();
    over.resolve();
  };
  const accept = (body: SipBody | undefined) => {
    if (body === undefined) return fail("the answer had no description");
    const { agreement } = acceptAnswer(offered.negotiation, parseSdp(bodyText(body)));
    state.answeredMs = performance.now();
    state.line = openLine(agreement);
    settled.resolve();
  };
  const tryToAccept = (body: SipBody | undefined) => {
    try {
      accept(body);
    } catch (error) {
      fail(String(error));
    }
  };
  const invitedMs = performance.now();
  const call = agent.invite({
    target: plan.target,
    from: `sip:bench@${HOST}`,
    body: textBody("application/sdp", serialiseSdp(offered.description)),
    watcher: {
      onEvent: (event) => {
        if (event.kind === "answered") tryToAccept(event.body);
        else if (event.kind === "failed") fail(`${event.status} ${event.reason}`);
        else if (event.kind === "ended") fail(`ended: ${event.reason ?? event.cause}`);
      },
    },
  });
  return {
    invitedMs,
    settled: settled.promise,
    over: over.promise,
    get answeredMs() {
      return state.answeredMs;
    },
    get line() {
      return state.line;
    },
    get failure() {
      return state.failure;
    },
    hangUp: () => {
      hasHungUp = true;
      call.hangUp();
    },
  };
}
