import { withParam } from "../message/params.ts";
import { cloneRequest, type SipRequest, type SipResponse, topViaOf } from "../message/sip-message.ts";
import { hostAddress } from "../message/uri.ts";
import { formatVia } from "../message/via.ts";
import type { Source, Target } from "../transport/network.ts";

/** The request with `received` and `rport` in its top Via, RFC 3261 section 18.2.1 and RFC 3581 section 4. */
export function markSource(request: SipRequest, source: Source): SipRequest {
  const via = topViaOf(request);
  const asksForPort = via.params.has("rport");
  let params = via.params;
  if (asksForPort || hostAddress(via.host) !== source.address) params = withParam(params, "received", source.address);
  if (asksForPort) params = withParam(params, "rport", String(source.port));
  if (params === via.params) return request;
  const marked = cloneRequest(request);
  marked.headers.set("via", [formatVia({ ...via, params }), ...request.headers.all("via").slice(1)]);
  return marked;
}

/** Where a response goes: back on its connection, or to the address the request came from. */
export function responseTarget(response: SipResponse, source: Source): Target {
  const via = topViaOf(response);
  const rport = Number(via.params.get("rport") ?? Number.NaN);
  const defaultPort = source.protocol === "tls" ? 5061 : 5060;
  const port = rport >= 1 && rport <= 65_535 ? rport : (via.port ?? defaultPort);
  const { protocol, address, flowId } = source;
  return { protocol, address, port, ...(flowId !== undefined && { flowId }) };
}
