import fc from "fast-check";
import { expect, test } from "vitest";
import { StopSequences } from "./stop-sequences.ts";

test("a text ends before the first stop sequence, however it is cut", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 3 });
  const sequence = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 12 }), fc.array(sequence, { maxLength: 4 }), (pieces, sequences) => {
      const whole = pieces.join("");
      const ends = sequences.map((stop) => whole.indexOf(stop)).filter((at) => at >= 0);
      const stop = new StopSequences(sequences);
      let shown = "";
      for (const piece of pieces) shown += stop.push(piece);
      shown += stop.flush();
      // A sequence that ends sooner is met sooner, even where a longer one began before it.
      expect(whole.startsWith(shown)).toBe(true);
      expect(stop.hasStopped).toBe(ends.length > 0);
      expect(sequences.some((each) => shown.includes(each))).toBe(false);
      if (ends.length === 0) expect(shown).toBe(whole);
    }),
    { numRuns: 3000 },
  );
});
