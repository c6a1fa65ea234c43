/** A message of RFC 4475, and what has to be made of it. */
export type TortureMessage = {
  /** Name in the RFC. */
  readonly name: string;
  readonly lines: readonly string[];
  /** Default: none. */
  readonly body?: string | Uint8Array;
  /** What the parser says: `ok`, or the status that refuses it. */
  readonly expected: "ok" | number;
  /**
   * What a user agent answers at last that is busy (486), takes text messages (202) and registers who knows a password
   * (401).
   */
  readonly answer: number | "none";
  /** On a stream nobody can tell where it ends. */
  readonly needsDatagram?: true;
};

/** A hop that is in order. */
export const VIA = "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bKkdjuw";
export const SDP =
  "v=0\r\no=mhandley 29739 7272939 IN IP4 192.0.2.3\r\ns=-\r\nc=IN IP4 192.0.2.4\r\nt=0 0\r\nm=audio 49217 RTP/AVP 0\r\n";

/** What follows the first request of a datagram. */
export const SECOND_REQUEST = `\r\nINVITE sip:joe@example.com SIP/2.0\r\nt: sip:joe@example.com\r\nFrom: sip:caller@example.net;tag=141334\r\nMax-Forwards: 8\r\nCall-ID: dblreq.0ha0isnda977644900765@192.0.2.15\r\nCSeq: 8 INVITE\r\nVia: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKkdjuw380234\r\nContent-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`;

/** Text, and a signature: any byte there is, among them what ends lines and messages. */
export const MULTIPART: Uint8Array = Buffer.concat([
  Buffer.from("--7a9cbec02ceef655\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nHello\r\n"),
  Buffer.from("--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\n\r\n"),
  Uint8Array.from({ length: 256 }, (_, at) => at),
  Buffer.from("\r\n\r\n\0\r\n--7a9cbec02ceef655--\r\n"),
]);

/** The bytes of one of them. */
export function tortureBytes({ lines, body = "" }: Pick<TortureMessage, "lines" | "body">): Uint8Array {
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), Buffer.from(body)]);
}
