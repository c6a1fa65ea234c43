import { type Credentials, DigestClient } from "./auth/digest-client.ts";
import { type CustomHeaders, checkCustomHeaders } from "./call/custom-headers.ts";
import { newCallId, newTag } from "./identifiers.ts";
import { formatNameAddr, parseNameAddr } from "./message/name-addr.ts";
import { SipHeaders } from "./message/sip-headers.ts";
import { makeRequest, type SipBody, type SipRequest } from "./message/sip-message.ts";
import { parseUri } from "./message/uri.ts";
import type { RequestFailure } from "./request/request-run.ts";
import type { Target } from "./transport/network.ts";
import type { UserAgent } from "./user-agent.ts";

type Options = {
  /** Whom to ask. */
  readonly target: string;
  /** A URI or `"Name" <uri>`. */
  readonly from: string;
  readonly headers?: CustomHeaders;
  readonly credentials?: readonly Credentials[];
  readonly outboundProxies?: readonly string[];
  /** Addresses in place of what the target's name leads to. */
  readonly via?: readonly Target[];
};

export type OutOfCallResult =
  | { readonly kind: "answered"; readonly status: number; readonly reason: string; readonly headers: SipHeaders }
  | { readonly kind: "unanswered"; readonly reason: RequestFailure };

/** Asks whether a peer is there (OPTIONS). Any answer but 408 and 503 says that it is. @throws SipError */
export async function ping(agent: UserAgent, options: Options): Promise<OutOfCallResult & { isUp: boolean }> {
  const result = await sendOnce(agent, "OPTIONS", options);
  const isUp = result.kind === "answered" && result.status !== 408 && result.status !== 503;
  return { ...result, isUp };
}

/** Sends a text message outside any call (RFC 3428). @throws SipError */
export function sendMessage(agent: UserAgent, options: Options & { body: SipBody }): Promise<OutOfCallResult> {
  return sendOnce(agent, "MESSAGE", options, options.body);
}

async function sendOnce(agent: UserAgent, method: string, options: Options, body?: SipBody): Promise<OutOfCallResult> {
  let seq = 1;
  const outcome = await agent.send({
    request: makeOutOfCall(method, options, body),
    digest: new DigestClient(options.credentials ?? []),
    ...(options.via && { targets: options.via }),
    nextSeq: () => {
      seq += 1;
      return seq;
    },
  });
  if (outcome.kind === "failure") return { kind: "unanswered", reason: outcome.reason };
  const { status, reason, headers } = outcome.response;
  return { kind: "answered", status, reason, headers };
}

function makeOutOfCall(method: string, options: Options, body: SipBody | undefined): SipRequest {
  const { target, outboundProxies = [] } = options;
  parseUri(target, "target");
  const from = parseNameAddr(options.from, "from");
  const headers = new SipHeaders()
    .set("max-forwards", "70")
    .set(
      "route",
      outboundProxies.map((uri) => `<${uri}${/;lr/i.test(uri) ? "" : ";lr"}>`),
    )
    .set("from", formatNameAddr({ ...from, params: new Map([...from.params, ["tag", newTag()]]) }))
    .set("to", formatNameAddr({ uri: target, params: new Map() }))
    .set("call-id", newCallId())
    .set("cseq", `1 ${method}`)
    .merge(Object.fromEntries(checkCustomHeaders(options.headers).entries()));
  return makeRequest({ method, uri: target, headers, ...(body && { body }) });
}
