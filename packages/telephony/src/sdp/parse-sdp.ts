import { SdpError, type SdpErrorCode } from "./sdp-error.ts";
import type {
  MediaDescription,
  SdpAddress,
  SdpAttribute,
  SdpOrigin,
  SessionDescription,
} from "./session-description.ts";

const MAX_CHARACTERS = 65_536;
const MAX_LINES = 2000;
const MAX_MEDIA = 64;

/**
 * Reads a session description (RFC 8866). Lenient where phones are sloppy: bare LF or CR, missing s= and t=, unknown
 * line types, and text after what a line needs.
 * @throws SdpError for anything that can't be read, and above 64 KiB, 2000 lines or 64 streams
 */
export function parseSdp(text: string): SessionDescription {
  if (text.length > MAX_CHARACTERS) fail("too_large", `the description has more than ${MAX_CHARACTERS} characters`);
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > MAX_LINES) fail("too_large", `the description has more than ${MAX_LINES} lines`);
  const reader = new Reader();
  lines.forEach((line, index) => {
    if (line.trim() !== "") reader.read(line, index + 1);
  });
  return reader.finish();
}

type OpenMedia = { -readonly [Key in keyof MediaDescription]: MediaDescription[Key] } & { attributes: SdpAttribute[] };

class Reader {
  #hasVersion = false;
  #origin: SdpOrigin | undefined;
  #name = "-";
  #connection: SdpAddress | undefined;
  readonly #attributes: SdpAttribute[] = [];
  readonly #media: OpenMedia[] = [];

  read(line: string, number: number): void {
    const type = line[0] as string;
    if (line[1] !== "=" || type < "a" || type > "z") fail("malformed_line", "expected <letter>=<value>", number);
    const value = line.slice(2);
    if (!this.#hasVersion) {
      if (type !== "v" || value.trim() !== "0") fail("missing_version", "expected v=0 first", number);
      this.#hasVersion = true;
      return;
    }
    const media = this.#media.at(-1);
    switch (type) {
      case "o":
        this.#origin ??= parseOrigin(value, number);
        return;
      case "s":
        this.#name = value;
        return;
      case "c":
        this.#connect(parseAddress(value.trim().split(/ +/), "malformed_connection", number));
        return;
      case "m":
        if (this.#media.length >= MAX_MEDIA) fail("too_large", `more than ${MAX_MEDIA} streams`, number);
        this.#media.push(parseMedia(value, number));
        return;
      case "a":
        (media ?? { attributes: this.#attributes }).attributes.push(parseAttribute(value));
        return;
      default:
        return;
    }
  }

  finish(): SessionDescription {
    if (!this.#hasVersion) fail("missing_version", "the description is empty: expected v=0 first");
    if (this.#origin === undefined) fail("missing_origin", "the description has no o= line");
    return {
      origin: this.#origin,
      name: this.#name,
      ...(this.#connection && { connection: this.#connection }),
      attributes: this.#attributes,
      media: this.#media,
    };
  }

  #connect(connection: SdpAddress): void {
    const media = this.#media.at(-1);
    if (media === undefined) this.#connection = connection;
    else media.connection ??= connection;
  }
}

function parseOrigin(value: string, line: number): SdpOrigin {
  const [username, sessionId, sessionVersion, ...address] = value.trim().split(/ +/);
  if (!(username && sessionId && sessionVersion) || !/^\d{1,40}$/.test(sessionVersion))
    fail("malformed_origin", "expected o=<user> <id> <version> IN IP4|IP6 <address>", line);
  return { username, sessionId, sessionVersion, ...parseAddress(address, "malformed_origin", line) };
}

function parseAddress(words: readonly string[], code: SdpErrorCode, line: number): SdpAddress {
  const [network, family, address] = words;
  if (network !== "IN" || (family !== "IP4" && family !== "IP6") || !address)
    fail(code, "expected IN IP4|IP6 <address>", line);
  const host = address.split("/", 1)[0] ?? "";
  if (!/^[0-9A-Za-z.:_%-]{1,255}$/.test(host)) fail(code, "the address has characters no address has", line);
  return { family, address: host };
}

function parseMedia(value: string, line: number): OpenMedia {
  const [kind, ports, protocol, ...formats] = value.trim().split(/ +/);
  const port = /^(\d{1,5})(\/\d+)?$/.exec(ports ?? "")?.[1];
  if (!(kind && protocol) || port === undefined || Number(port) > 65_535 || formats.length === 0)
    fail("malformed_media", "expected m=<kind> <port> <protocol> <format> …", line);
  return { kind, port: Number(port), protocol, formats, attributes: [] };
}

function parseAttribute(value: string): SdpAttribute {
  const colon = value.indexOf(":");
  return colon < 0 ? { name: value.trim() } : { name: value.slice(0, colon), value: value.slice(colon + 1).trim() };
}

function fail(code: SdpErrorCode, message: string, line?: number): never {
  throw new SdpError(code, message, line);
}
