import { bodyText, type SipBody, textBody } from "../message/sip-message.ts";

/** Which INFO body carries a digit. `dtmf-relay` has a duration, `dtmf` is the bare digit. */
export type DtmfInfoFormat = "dtmf-relay" | "dtmf";

/** The body of an INFO that presses one key: 0-9, A-D, * or #. */
export function makeDtmfInfo(digit: string, durationMs: number, format: DtmfInfoFormat): SipBody {
  if (format === "dtmf") return textBody("application/dtmf", digit);
  return textBody("application/dtmf-relay", `Signal=${digit}\r\nDuration=${Math.round(durationMs)}\r\n`);
}

/** The key that an INFO presses, or undefined when it is about something else. */
export function readDtmfInfo(body: SipBody): { digit: string; durationMs: number | undefined } | undefined {
  const type = body.contentType.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/dtmf-relay" && type !== "application/dtmf") return undefined;
  const text = bodyText(body);
  const signal = /^\s*(?:Signal\s*=\s*)?([0-9A-D*#]|1[0-6])\s*$/im.exec(text)?.[1];
  if (signal === undefined) return undefined;
  const duration = /^\s*Duration\s*=\s*(\d{1,6})/im.exec(text)?.[1];
  return {
    digit: NUMBERED_KEYS[signal] ?? signal.toUpperCase(),
    durationMs: duration === undefined ? undefined : Number(duration),
  };
}

/** Events 10 to 16 of RFC 4733, which some gateways write as numbers. */
const NUMBERED_KEYS: Readonly<Record<string, string>> = {
  10: "*",
  11: "#",
  12: "A",
  13: "B",
  14: "C",
  15: "D",
  16: "flash",
};

/** True for a key that can be sent. */
export function isDigit(text: string): boolean {
  return /^[0-9A-D*#]$/.test(text);
}
