import { parseNumber } from "./parse-number.ts";

/**
 * A time of day as "HH:MM". "Half past three" without more is taken to be in the afternoon, as offices keep hours:
 * 1 to 6 are p.m., 7 to 12 as they stand; the read-back tells the caller.
 */
export function parseTime(words: string): string | undefined {
  if (/\b(?:noon|midday)\b/.test(words)) return "12:00";
  if (/\bmidnight\b/.test(words)) return "00:00";
  const clock = findClock(words);
  if (clock === undefined) return undefined;
  const hour = toHour(clock.hour, words);
  if (hour > 23 || clock.minute > 59) return undefined;
  return `${String(hour).padStart(2, "0")}:${String(clock.minute).padStart(2, "0")}`;
}

const PARTS: ReadonlyMap<string, number> = new Map([
  ["half", 30],
  ["quarter", 15],
]);

type ClockFace = { readonly hour: number; readonly minute: number };

function findClock(words: string): ClockFace | undefined {
  const digits = /\b(\d{1,2})[:.](\d{2})\b/.exec(words);
  if (digits !== null) return { hour: Number(digits[1]), minute: Number(digits[2]) };
  const relative = /\b(half|quarter|[a-z-]+|\d{1,2})(?: minutes)? (past|after|to|before) ([a-z]+|\d{1,2})\b/.exec(
    words,
  );
  const turned = relative === null ? undefined : turnClock(relative);
  if (turned !== undefined) return turned;
  return findSpokenClock(words);
}

function turnClock(match: RegExpExecArray): ClockFace | undefined {
  const [, amount = "", direction = "", hourWord = ""] = match;
  const minutes = PARTS.get(amount) ?? parseNumber(amount);
  const hour = parseNumber(hourWord);
  if (minutes === undefined || hour === undefined) return undefined;
  const isBefore = direction === "to" || direction === "before";
  return isBefore ? { hour: hour === 1 ? 12 : hour - 1, minute: 60 - minutes } : { hour, minute: minutes };
}

/** "three thirty", "nine", "3 pm", "seven oh five". */
function findSpokenClock(words: string): ClockFace | undefined {
  const all = words.replace(/\b(\d{1,2})(?=[ap]\.?m)/g, "$1 ").split(" ");
  for (const [index, word] of all.entries()) {
    const hour = /^\d{1,2}$/.test(word) || /^[a-z]+$/.test(word) ? parseNumber(word) : undefined;
    if (hour === undefined || !Number.isInteger(hour) || hour < 1 || hour > 24) continue;
    const rest = all.slice(index + 1, index + 3).filter((next) => !/^(?:o'?clock|[ap]\.?m|at|in|the)$/.test(next));
    const minute = parseNumber(rest.join(" ").replace(/^oh /, ""));
    return { hour, minute: minute !== undefined && Number.isInteger(minute) && minute > 0 && minute < 60 ? minute : 0 };
  }
  return undefined;
}

function toHour(hour: number, words: string): number {
  if (/\bp\.?m\b|\bafternoon\b|\bevening\b|\btonight\b/.test(words)) return hour < 12 ? hour + 12 : hour;
  if (/\ba\.?m\b|\bmorning\b/.test(words)) return hour === 12 ? 0 : hour;
  return hour >= 1 && hour <= 6 ? hour + 12 : hour;
}

/** "15:30" becomes "3:30 p.m.". */
export function speakTime(time: string): string {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const half = hours < 12 ? "a.m." : "p.m.";
  const hour = hours % 12 === 0 ? 12 : hours % 12;
  return minutes === 0 ? `${hour} ${half}` : `${hour}:${String(minutes).padStart(2, "0")} ${half}`;
}
