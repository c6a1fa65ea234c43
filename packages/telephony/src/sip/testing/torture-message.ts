/** A message of RFC 4475 that concerns an endpoint's parser, and what it has to make of it. */
export type TortureMessage = {
  /** Name in the RFC. */
  readonly name: string;
  readonly lines: readonly string[];
  /** Default: none. */
  readonly body?: string;
  /** `ok`, or the status that refuses it. */
  readonly expected: "ok" | number;
};

/** A hop that is in order. */
export const VIA = "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bKkdjuw";
export const SDP =
  "v=0\r\no=mhandley 29739 7272939 IN IP4 192.0.2.3\r\ns=-\r\nc=IN IP4 192.0.2.4\r\nt=0 0\r\nm=audio 49217 RTP/AVP 0\r\n";

/** The bytes of one of them. */
export function tortureBytes({ lines, body = "" }: TortureMessage): Uint8Array {
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
