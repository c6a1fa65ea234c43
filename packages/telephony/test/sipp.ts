import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, type RunningPeer, runPeer, untilBound, whyMissing } from "./real-peer.ts";

/** Why tests with sipp can't run here, or undefined when they can. */
export const whyNoSipp = () => whyMissing("sipp", "sip-tester");

/** What sipp has to find, or the call has failed: a regular expression (POSIX) over a header, the body or all of it. */
export type Check = readonly [where: "body" | "msg" | `${string}:`, expression: string];

export const SDP = [
  "v=0",
  "o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]",
  "s=-",
  "c=IN IP[media_ip_type] [media_ip]",
  "t=0 0",
  "m=audio [media_port] RTP/AVP 0",
  "a=rtpmap:0 PCMU/8000",
].join("\n");

const VIA = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]";
const CONTACT = "Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>";

type Message = {
  readonly headers?: readonly string[];
  /** SDP, unless `headers` name another Content-Type. */
  readonly body?: string;
  /** Sent again until an answer comes. Default: requests but ACK. */
  readonly isRepeated?: boolean;
};

function send(start: string, lines: readonly string[], { headers = [], body = "", isRepeated = false }: Message) {
  const isTyped = body === "" || headers.some((line) => line.startsWith("Content-Type:"));
  const type = isTyped ? [] : ["Content-Type: application/sdp"];
  const all = [start, ...lines, ...headers, ...type, "Content-Length: [len]", "", body];
  return `<send${isRepeated ? ' retrans="500"' : ""}><![CDATA[\n${all.join("\n")}\n]]></send>`;
}

let checks = 0;
function actions(list: readonly Check[], more = ""): string {
  const all = list.map(([where, expression]) => {
    checks += 1;
    const place = where.endsWith(":") ? `search_in="hdr" header="${where}"` : `search_in="${where}"`;
    return `<ereg regexp="${expression.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")}" ${place} check_it="true" assign_to="check${checks}"/>`;
  });
  return all.length === 0 && more === "" ? "" : `<action>${all.join("")}${more}</action>`;
}

type Ask = Message & {
  readonly uri?: string;
  /** Of the same transaction as what was heard last: CANCEL, and the ACK of a refusal. */
  readonly isOfLast?: boolean;
};

/** A caller's request, within the call that it opened with `opens`. */
export function asks(method: string, number: number, { uri = "[next_url]", isOfLast = false, ...message }: Ask = {}) {
  const isOpening = uri === OPENING && method !== "ACK";
  const has = (name: string) => message.headers?.some((line) => line.startsWith(`${name}:`)) === true;
  const lines = [
    ...(has("Via") ? [] : [isOfLast ? "[last_Via:]" : VIA]),
    "From: sipp <sip:sipp@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]",
    ...(has("To") ? [] : [`To: <sip:bob@[remote_ip]:[remote_port]>${isOpening ? "" : "[peer_tag_param]"}`]),
    ...["Call-ID: [call_id]", `CSeq: ${number} ${method}`, "Max-Forwards: 70"],
    ...(has("Contact") ? [] : [CONTACT]),
  ];
  return send(`${method} ${uri} SIP/2.0`, lines, { isRepeated: method !== "ACK", ...message });
}

const OPENING = "sip:bob@[remote_ip]:[remote_port]";

/** A caller's request outside any call, or of the transaction that it opened. */
export const opens = (method: string, message: Message & { isOfLast?: boolean } = {}, number = 1) =>
  asks(method, number, { uri: OPENING, ...message });

/** An answer that must come now; `isOptional`: or not. */
export function hears(status: number, ...list: readonly Check[]): string {
  return `<recv response="${status}" rrs="true">${actions(list)}</recv>`;
}

/** A challenge; the next request answers it with `authorization`. */
export const hearsChallenge = (status: number, ...list: readonly Check[]) =>
  `<recv response="${status}" auth="true">${actions(list)}</recv>`;
export const authorization = (password: string) => `[authentication username=bob password=${password}]`;

export const mayHear = (...statuses: readonly number[]) =>
  statuses.map((status) => `<recv response="${status}" optional="true"/>`).join("\n");

/**
 * A request that must come now. What identifies it is kept under a name, so that it can be answered later, and so that
 * a callee can send requests of its own in the call.
 */
export function takes(method: string, name: string, ...list: readonly Check[]): string {
  const kept = ["Via", "From", "To", "CSeq"].map(
    (header) => `<ereg regexp=".*" search_in="hdr" header="${header}:" assign_to="${name}${header.toLowerCase()}"/>`,
  );
  const contact = `<ereg regexp="&lt;([^&gt;]*)&gt;" search_in="hdr" header="Contact:" assign_to="${name}contact,${name}uri"/>`;
  return `<recv request="${method}">${actions(list, [...kept, contact].join(""))}</recv>`;
}

/** Answers what was taken under a name; `tag`: where its To has none yet. */
export function answers(name: string, status: number, { tag, ...message }: Message & { readonly tag?: string } = {}) {
  const lines = [
    ...[`Via:[$${name}via]`, `From:[$${name}from]`, `To:[$${name}to]${tag === undefined ? "" : `;tag=${tag}`}`],
    ...["Call-ID: [call_id]", `CSeq:[$${name}cseq]`],
    ...(message.headers?.some((line) => line.startsWith("Contact:")) === true ? [] : [CONTACT]),
  ];
  return send(`SIP/2.0 ${status} Because`, lines, message);
}

/** A callee's own request, in the call that it took as `name` and with `tag`. */
export function tells(
  name: string,
  tag: string,
  method: string,
  number: number,
  { isOfLast = false, ...message }: Message & { isOfLast?: boolean } = {},
): string {
  const lines = [
    ...[
      isOfLast ? "[last_Via:]" : VIA,
      `From:[$${name}to];tag=${tag}`,
      `To:[$${name}from]`,
      "Call-ID: [call_id]",
      `CSeq: ${number} ${method}`,
    ],
    ...[CONTACT, "Max-Forwards: 70"],
  ];
  return send(`${method} [$${name}uri] SIP/2.0`, lines, { isRepeated: method !== "ACK", ...message });
}

export const pauses = (milliseconds: number) => `<pause milliseconds="${milliseconds}"/>`;

/** Every way sipp can be used here. */
export function sippIn(folder: string) {
  let scenarios = 0;
  const write = (steps: readonly string[]): string => {
    scenarios += 1;
    const text = steps.join("\n");
    const names = [...new Set([...text.matchAll(/assign_to="([^"]*)"/g)].flatMap(([, all = ""]) => all.split(",")))];
    // It takes a variable that nothing reads for a mistake.
    const read = names.length === 0 ? "" : `<Reference variables="${names.join(",")}"/>`;
    const file = join(folder, `scenario-${scenarios}.xml`);
    writeFileSync(
      file,
      `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="s">\n${text}\n${read}\n</scenario>\n`,
    );
    return file;
  };
  const start = (port: number, args: readonly string[]): RunningPeer =>
    runPeer(
      "sipp",
      ["-nostdin", "-i", "127.0.0.1", "-p", String(port), "-recv_timeout", "6000", "-m", "1", ...args],
      folder,
    );
  /** Resolves once every call has gone as the scenario says, or rejects with what didn't. */
  const whole = async (peer: RunningPeer): Promise<void> => {
    const code = await peer.ended;
    // Before and after its table of counters.
    const words = peer.output().replace(/-+ Statistics Screen[\s\S]*/, "");
    if (code !== 0) throw new Error(`sipp ended with ${code}:\n${words.slice(0, 1_000)}\n…\n${words.slice(-2_500)}`);
  };
  return {
    /** Calls `port` here. */
    calls: async (port: number, steps: readonly string[], more: readonly string[] = []): Promise<void> => {
      const peer = start(await freePort(), ["-sf", write(steps), `127.0.0.1:${port}`, ...more]);
      await whole(peer);
    },
    /** Waits to be called. @param at port; default: any that is free */
    waits: async (steps: readonly string[], more: readonly string[] = [], at?: number) => {
      const port = at ?? (await freePort());
      const peer = start(port, ["-sf", write(steps), ...more]);
      await untilBound(port);
      return { port, target: `sip:bob@127.0.0.1:${port}`, whole: () => whole(peer), stop: () => peer.stop() };
    },
  };
}
