import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillPlaceholders, findMissing, type Known } from "./fill-placeholders.ts";
import type { Shown } from "./filters.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 15, 5);

function known(values: Readonly<Record<string, Shown>> = {}, locale = "en-US"): Known {
  const found = new Map(Object.entries(values));
  return { nowMs: NOW_MS, locale, timeZone: "UTC", find: (name) => found.get(name) };
}

const fill = (text: string, values?: Readonly<Record<string, Shown>>) => fillPlaceholders(text, known(values));

describe("a placeholder", () => {
  test.each([
    ["Hi {{name}}!", "Hi ada lovelace!"],
    ["{{ name }}", "ada lovelace"],
    ["{{name | upper}} {{name | title}} {{name | first | capitalize}}", "ADA LOVELACE Ada Lovelace Ada"],
    ['{{none | default: "there"}} {{ none | "you" }} {{none | default: name}}', "there you ada lovelace"],
    ['{{empty | "nobody"}}{{empty}}', "nobody"],
    ['{{name | truncate: 3}} {{name | truncate: 3, ""}} {{name | replace: "ada", "Eve"}}', "ada… ada Eve lovelace"],
    ["{{phone | phone}}, {{code | spell}}", "+1 212 555 0100, A B 1 2"],
    ['{{total | currency: "EUR"}} {{total | number: 1}}', "€1,234.50 1,234.5"],
    ["{{name | json}}", '"ada lovelace"'],
    ['{{day | date: "EEEE, d MMMM yyyy"}}', "Tuesday, 3 March 2026"],
    ['{{day | date: "%Y/%m/%d"}} {{day | day}} {{day | date: "iso"}}', "2026/03/03 Tuesday 2026-03-03"],
    ['{{now | time: "Europe/Berlin"}}', "4:05 PM"],
    ['{{now | date: "HH:mm", "America/New_York"}}', "10:05"],
    ['{{"now" | date: "%H:%M", "Asia/Tokyo"}}', "00:05"],
    ["{{now}}", "Sunday, November 22, 2026 at 3:05 PM"],
    ["{{ name | nonsense }}", "ada lovelace"],
  ])("%s", (text, filled) => {
    const values = {
      name: "ada lovelace",
      empty: "",
      phone: "+12125550100",
      code: "AB 12",
      total: "1234.5",
      day: "2026-03-03",
      now: { atMs: NOW_MS, show: "moment" },
    } as const;
    expect(fill(text, values)).toBe(filled);
  });

  test("stays as it was written where nothing fills it, and may be left out", () => {
    expect(fill("Hi {{name}}, how are you?")).toBe("Hi {{name}}, how are you?");
    expect(fillPlaceholders("Hi {{name}}, {{x | upper}} how are you?", known(), "drop")).toBe("Hi, how are you?");
  });

  test("is only what reads like one: other braces are prose", () => {
    for (const text of ["{{}}", "{{ a b }}", '{{"x"}}', "{name}", "{{ | upper}}", "{{a |}}", "{% if x %}", "{{a:b}}"])
      expect(fill(text, { a: "1", name: "n" })).toBe(text);
  });

  test("never gives what it reads a meaning: a value with braces stays as it is", () => {
    expect(fill("{{a}}", { a: "{{b}}", b: "no" })).toBe("{{b}}");
    expect(fill("{{constructor}} {{__proto__}} {{a | constructor}}", { a: "1" })).toBe(
      "{{constructor}} {{__proto__}} 1",
    );
  });

  test("reports each missing name once, unless it has a default", () => {
    const texts = ['{{a}} {{b | "x"}} {{c | upper}}', "{{a}} {{d}}"];
    expect(findMissing(texts, known({ d: "1" }))).toEqual(["a", "c"]);
  });

  test("never throws and leaves text without braces alone", () => {
    const piece = fc.constantFrom("{{", "}}", "|", ":", '"', ",", "a", "now", "date", "currency", " ", "%", "'", "9");
    const anyText = fc.array(fc.oneof(piece, fc.string({ maxLength: 5 }))).map((parts) => parts.join(""));
    fc.assert(
      fc.property(anyText, (text) => {
        const filled = fillPlaceholders(text, known({ a: "1", now: { atMs: NOW_MS, show: "date" } }), "drop");
        if (!text.includes("{{")) expect(filled).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
});
