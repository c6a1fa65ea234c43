import fc from "fast-check";
import { expect, it } from "vitest";
import { toWaterfall } from "./waterfall.ts";

it("draws each segment where it begins and sums them up", () => {
  const segments = { endOfTurnMs: 500, speechToTextMs: 120, languageModelMs: 20.4, textToSpeechMs: 59.6 };
  expect(toWaterfall([{ replyId: "r2", atMs: 5320, responseMs: 700, segments }])).toBe(
    [
      "Turn 1 at 5.3 s",
      "  end of turn     500 ms  █████████████████████████████",
      "  speech to text  120 ms                               ██████",
      "  language model   20 ms                                     ██",
      "  text to speech   60 ms                                       ███",
      "  response        700 ms",
    ].join("\n"),
  );
});

it("shows segments that sum to the response time, whatever the server measured", () => {
  const ms = fc.double({ min: 0, max: 3000, noNaN: true });
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("aMs", "bMs", "cMs", "dMs"), ms), ms, (segments, responseMs) => {
      const lines = toWaterfall([{ replyId: "r1", atMs: 0, responseMs, segments }])
        .split("\n")
        .slice(1);
      const figures = lines.map((line) => Number(/(-?\d+) ms/.exec(line)?.[1]));
      const response = figures.pop();
      expect(figures.reduce((sum, figure) => sum + figure, 0)).toBe(response);
      expect(response).toBe(Math.round(responseMs));
    }),
  );
});

it("has nothing to show of a call without an answer", () => {
  expect(toWaterfall([])).toBe("");
});
