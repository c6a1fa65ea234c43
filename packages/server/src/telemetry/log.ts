import pino, { type DestinationStream, type Logger } from "pino";
import type { LogLevel } from "../config.ts";

export type Log = Logger;

/**
 * JSON lines on standard error. Messages are constants; what varies are fields. Speech, prompts, numbers and tool data
 * may be given only as `pii`, at the top or one level down, and are dropped here.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: {},
    redact: { paths: ["pii", "*.pii"], remove: true },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(options, destination ?? pino.destination({ fd: 2, sync: true }));
}
