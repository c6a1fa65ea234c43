import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../journal/journal.ts";
import { replayJournal } from "../journal/replay.ts";
import { playWorld } from "../testing/session/play-world.ts";
import { BUNDLE_FORMAT, type CallBundle } from "./call-bundle.ts";
import { readBundle } from "./read-bundle.ts";
import { REMOVED, scrubBundle } from "./scrub-bundle.ts";
import { writeBundle } from "./write-bundle.ts";

const header = {
  format: BUNDLE_FORMAT,
  version: 1,
  exportedAt: "2026-01-02T03:04:05.000Z",
  callId: "call_1",
  scrubbed: { numbers: false, words: false },
} as const;

/** A call with an answer, a tool and an interruption. */
async function recordEntries(): Promise<readonly JournalEntry[]> {
  const { journal } = await playWorld({
    acts: [
      { do: "speak", ms: 900 },
      { do: "wait", ms: 4_000 },
      { do: "speak", ms: 900 },
      { do: "wait", ms: 1_500 },
      { do: "speak", ms: 2_000 },
      { do: "wait", ms: 4_000 },
    ],
    brain: [
      {
        firstMs: 50,
        stepMs: 0,
        steps: [
          { give: "text", text: "Let me look, Anna." },
          { give: "tool", id: "a", name: "book", arguments: '{"phone":"+1 555 0100","key":"ear_abcdefgh1234"}' },
        ],
      },
      { firstMs: 50, stepMs: 0, steps: [{ give: "text", text: "Write to anna@example.com or call 555 0100." }] },
    ],
    ears: [
      { words: "I am Anna Smith and", afterMs: 100 },
      { words: "mm-hmm", afterMs: 100 },
      { words: "Call me at 555 0100.", afterMs: 100 },
    ],
    voice: [],
    tools: [],
    leg: { reportPlayback: true, leadMs: 0, reportDelayMs: 0 },
    failingFlushes: [],
    rules: { greeting: { mode: "static", text: "Hello." }, canInterrupt: true, maxDurationMs: 3_600_000 },
  });
  return journal.entries;
}

const makeBundle = async (more: Partial<CallBundle> = {}): Promise<CallBundle> => ({
  header,
  call: { id: "call_1", agentName: "Anna", fromNumber: "+15550100", metadata: { token: "t0psecret" } },
  agent: {
    name: "Desk",
    prompt: "You are Anna. The key is sk-live-abcdefghijklmnop.",
    maxOutputTokens: 500,
    tools: [{ kind: "webhook", name: "book", url: "https://me:pw@shop.example/x?key=1", headers: { "X-Key": "abc" } }],
  },
  entries: await recordEntries(),
  ...more,
});

describe("a bundle", () => {
  it("reads as it was written, with the recording", async () => {
    const recording = new Uint8Array(700_001).map((_, index) => index % 251);
    const bundle = await makeBundle({ recording });
    expect(await readBundle(await writeBundle(bundle))).toEqual(bundle);
  });

  it("reads what a later Earshot adds, and leaves it alone", async () => {
    const end = { end: { entries: 0, recordingBytes: 0 } };
    expect(await readBundle(pack({ ...header, more: 1 }, { call: { id: "c" } }, { waveform: [] }, end))).toMatchObject({
      call: { id: "c" },
      entries: [],
    });
  });
});

const call = { call: { id: "c" } };
const end = { end: { entries: 1, recordingBytes: 0 } };
const entry = (seq: unknown) => ({ entry: { seq, atMs: 0, event: { type: "leg-lost", atMs: 0 }, effects: [] } });
const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

function pack(...lines: readonly unknown[]): Uint8Array {
  return gzipSync(lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
}

describe("a file that is no bundle", () => {
  it.each([
    ["no gzip", new TextEncoder().encode("{}"), "not_a_bundle", "doesn't begin as gzip does"],
    ["nothing at all", new Uint8Array(), "not_a_bundle", "gzip"],
    ["an empty gzip", gzipSync(""), "not_a_bundle", "the file is empty"],
    ["another format", pack({ format: "zip" }), "not_a_bundle", '"earshot-call"'],
    ["a later version", pack({ ...header, version: 2 }, call), "unknown_version", "reads version 1"],
    ["a gzip that is cut off", pack(header, call, entry(1), end).subarray(0, 60), "broken", "cut off or damaged"],
    ["lines that are cut off", pack(header, call, entry(1)), "broken", "its last line is missing"],
    ["no call", pack(header, entry(1), end), "broken", "holds no call"],
    ["no JSON", pack(header, call, '{"entry":'), "broken", "line 3 of the file is damaged: it is no JSON"],
    ["broken characters", gzipSync(Buffer.from([0x7b, 0xff, 0x7d])), "broken", "line 1"],
    ["a list", pack(header, "[]"), "broken", "no JSON object"],
    ["too deep a line", pack(header, { call: deep(80) }), "broken", "nested too deep"],
    ["a gap", pack(header, call, entry(2), end), "broken", "entry 1 is missing"],
    ["odd entries", pack(header, call, { entry: { seq: 1 } }, end), "broken", "no entry of a journal"],
    ["a wrong count", pack(header, call, end), "broken", "doesn't hold what its last line says"],
    ["more after the end", pack(header, call, entry(1), end, call), "broken", "behind the end"],
    ["too long a line", pack(header, `"${"x".repeat(4_100_000)}"`), "too_large", "longer than 4 MB"],
  ])("is refused with a reason: %s", async (_, bytes, code, message) => {
    await expect(readBundle(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it("is given up when it unpacks to more than may be", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    expect(bomb.length).toBeLessThan(30_000);
    await expect(readBundle(bomb, { maxBytes: 1_000_000 })).rejects.toMatchObject({ code: "too_large" });
  });
});

describe("a scrubbed bundle", () => {
  it("holds no secret, whatever else may stay", async () => {
    const scrubbed = scrubBundle(await makeBundle(), { numbers: false, words: false });
    const text = JSON.stringify(scrubbed);
    for (const secret of ["t0psecret", "sk-live", "ear_abcdefgh1234", "me:pw", "key=1", '"abc"'])
      expect(text).not.toContain(secret);
    expect(scrubbed.call["metadata"]).toEqual({ token: REMOVED });
    expect(scrubbed.agent).toMatchObject({ maxOutputTokens: 500, prompt: `You are Anna. The key is ${REMOVED}.` });
    expect(text).toContain("https://shop.example/x");
    expect(text).toContain("555 0100");
    expect(replayJournal(scrubbed.entries).outcome).toBe("identical");
  });

  it("holds no number and no e-mail address where that was asked for, and replays all the same", async () => {
    const scrubbed = scrubBundle(await makeBundle(), { numbers: true, words: false });
    const text = JSON.stringify(scrubbed);
    for (const told of ["555", "0100", "anna@example", "+15550100"]) expect(text).not.toContain(told);
    expect(text).toContain("Anna Smith");
    expect(scrubbed.call["fromNumber"]).toBe("+11111111");
    expect(replayJournal(scrubbed.entries).outcome).toBe("identical");
  });

  it("holds no word that anybody said where that was asked for, and replays all the same", async () => {
    const bundle = await makeBundle({ recording: new Uint8Array(8) });
    const scrubbed = scrubBundle(bundle, { numbers: true, words: true });
    const text = JSON.stringify(scrubbed);
    for (const told of ["Anna", "Smith", "Hello", "555", "example.com"]) expect(text).not.toContain(told);
    for (const kept of ["mm-hmm", '"book"', "xxxx"]) expect(text).toContain(kept);
    expect(scrubbed.recording).toBeUndefined();
    expect(replayJournal(scrubbed.entries).outcome).toBe("identical");
    const lengths = ({ entries }: CallBundle) => entries.map(({ event }) => ("text" in event ? event.text.length : 0));
    expect(lengths(scrubbed)).toEqual(lengths(bundle));
  });
});
