import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { serializeMessage } from "./message/serialize-message.ts";
import { agreeingMedia, BOB, CAROL, sdp, standingCall } from "./testing/two-agents.ts";

/** All that went over the wire in a call that used most of what there is. */
async function recordedTraffic(): Promise<Uint8Array[]> {
  const { clock, call, taken, wire, seen } = await standingCall();
  void call.reinvite({ body: sdp("hold") });
  await clock.pass(50);
  void taken.reinvite({ body: sdp("back"), method: "UPDATE" });
  void call.sendDigit("1");
  await clock.pass(50);
  void call.refer({ target: `sip:carol@${CAROL}`, timeoutMs: 1_000 });
  await clock.pass(50);
  void taken.sendMessage(sdp("x"));
  await clock.pass(50);
  call.hangUp();
  await clock.pass(50);
  expect(seen.last()?.kind).toBe("ended");
  return wire.log.map(({ message }) => serializeMessage(message));
}

type Edit = readonly [where: number, value: number, kind: number];

function mutate(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const out = [...bytes];
  for (const [where, value, kind] of edits) {
    const at = where % (out.length + 1);
    if (kind === 0) out[at] = value;
    else if (kind === 1) out.splice(at, 0, value);
    else if (kind === 2) out.splice(at, 1 + (value % 30));
    else out.splice(at, 0, ...out.slice(at, at + value));
  }
  return new Uint8Array(out);
}

describe("a user agent that hears nonsense", () => {
  it("meets no fault of its own, and still takes calls", async () => {
    const seed = Number(process.env["EARSHOT_TEST_SEED"] ?? Date.now() % 2 ** 31);
    const traffic = await recordedTraffic();
    const edit: fc.Arbitrary<Edit> = fc.tuple(fc.nat(1_500), fc.nat(255), fc.nat(3));
    const script = fc.array(fc.tuple(fc.nat(traffic.length - 1), fc.array(edit, { maxLength: 4 })), {
      minLength: 5,
      maxLength: 40,
    });
    const play = async (steps: readonly (readonly [number, readonly Edit[]])[]) => {
      const { clock, wire, incoming, faults, invite, bob, call } = await standingCall();
      for (const [at, edits] of steps) {
        wire.inject(CAROL, BOB, mutate(traffic[at] ?? new Uint8Array(0), edits));
        const last = incoming.at(-1);
        if (last?.state === "early") last.answer({ body: sdp("answer") });
        await clock.pass(20);
      }
      for (const one of incoming) one.watch({ onEvent: () => {}, media: agreeingMedia() });
      const before = incoming.length;
      const { seen } = invite();
      await clock.pass(50);
      incoming[before]?.answer({ body: sdp("answer") });
      await clock.pass(50);
      expect(seen.kinds()).toEqual(["answered"]);
      expect(faults.filter((fault) => (fault as { code: string }).code === "internal")).toEqual([]);
      // Nobody who is no party to it can end the call that stood before.
      expect(call.state).toBe("confirmed");
      await bob.close();
      await clock.pass(200_000);
    };
    try {
      await fc.assert(fc.asyncProperty(script, play), { numRuns: 40, seed });
    } catch (cause) {
      throw new Error(`Seed ${seed} (EARSHOT_TEST_SEED=${seed} repeats it)`, { cause });
    }
  });
});
