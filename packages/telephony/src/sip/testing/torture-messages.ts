import { TORTURE_INVALID } from "./torture-invalid.ts";
import { TORTURE_MEANING } from "./torture-meaning.ts";
import { type TortureMessage, tortureBytes } from "./torture-message.ts";
import { TORTURE_VALID } from "./torture-valid.ts";

/** All 49 messages of RFC 4475. */
export const TORTURE_MESSAGES: readonly TortureMessage[] = [...TORTURE_VALID, ...TORTURE_INVALID, ...TORTURE_MEANING];

/** The same, as they go over the wire. */
export const tortureDatagrams = (): Uint8Array[] => TORTURE_MESSAGES.map(tortureBytes);
