import { attributeValues, type MediaDescription, type SdpAttribute } from "./session-description.ts";

/** One payload type of an RTP stream (RFC 8866 sections 6.6 and 6.15). */
export type RtpFormat = {
  readonly payloadType: number;
  /** As written; encoding names compare without regard to case. */
  readonly encoding: string;
  /** The RTP clock's rate. G.722 says 8000 though it samples at 16000 (RFC 3551 section 4.5.2). */
  readonly clockRateHz: number;
  readonly channels: number;
  /** `a=fmtp` parameters as written. */
  readonly parameters?: string;
};

/** RFC 3551 table 4, those without which a peer may leave out the rtpmap. */
const STATIC_FORMATS: Readonly<Record<number, readonly [encoding: string, clockRateHz: number]>> = {
  0: ["PCMU", 8000],
  3: ["GSM", 8000],
  4: ["G723", 8000],
  8: ["PCMA", 8000],
  9: ["G722", 8000],
  13: ["CN", 8000],
  15: ["G728", 8000],
  18: ["G729", 8000],
};

/** The stream's formats in its order of preference. Those that can't be understood are left out. */
export function readRtpFormats(media: MediaDescription): RtpFormat[] {
  const maps = byPayloadType(attributeValues(media, "rtpmap"));
  const parameters = byPayloadType(attributeValues(media, "fmtp"));
  const formats: RtpFormat[] = [];
  for (const word of media.formats) {
    const payloadType = toPayloadType(word);
    if (payloadType === undefined || formats.some((format) => format.payloadType === payloadType)) continue;
    const map = readMap(maps.get(payloadType)) ?? STATIC_FORMATS[payloadType];
    if (map === undefined) continue;
    const [encoding, clockRateHz, channels = 1] = map;
    const given = parameters.get(payloadType);
    formats.push({ payloadType, encoding, clockRateHz, channels, ...(given && { parameters: given }) });
  }
  return formats;
}

/** The attributes that state a format. */
export function writeRtpFormat(format: RtpFormat): SdpAttribute[] {
  const { payloadType, encoding, clockRateHz, channels, parameters } = format;
  const map = `${payloadType} ${encoding}/${clockRateHz}${channels > 1 ? `/${channels}` : ""}`;
  return [
    { name: "rtpmap", value: map },
    ...(parameters ? [{ name: "fmtp", value: `${payloadType} ${parameters}` }] : []),
  ];
}

/** `useinbandfec=1; stereo=0` as a map; names in lower case. */
export function readParameters(parameters: string | undefined): ReadonlyMap<string, string> {
  const pairs = (parameters ?? "").split(";").map((pair) => pair.split("=", 2));
  return new Map(pairs.map(([name, value]) => [(name ?? "").trim().toLowerCase(), (value ?? "").trim()]));
}

export function isSameFormat(one: RtpFormat, other: RtpFormat): boolean {
  return (
    one.encoding.toLowerCase() === other.encoding.toLowerCase() &&
    one.clockRateHz === other.clockRateHz &&
    one.channels === other.channels
  );
}

function byPayloadType(values: readonly string[]): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const value of values) {
    const [word = "", rest] = split(value);
    const payloadType = toPayloadType(word);
    if (payloadType !== undefined && rest !== undefined && !found.has(payloadType)) found.set(payloadType, rest);
  }
  return found;
}

function split(value: string): [string, string | undefined] {
  const space = value.search(/\s/);
  return space < 0 ? [value, undefined] : [value.slice(0, space), value.slice(space).trim()];
}

function toPayloadType(word: string): number | undefined {
  return /^\d{1,3}$/.test(word) && Number(word) < 128 ? Number(word) : undefined;
}

function readMap(map: string | undefined): [string, number, number] | undefined {
  const parts = /^([^/\s]{1,64})\/(\d{1,7})(?:\/(\d{1,2}))?/.exec(map ?? "");
  return parts ? [parts[1] as string, Number(parts[2]), Number(parts[3] ?? 1)] : undefined;
}
