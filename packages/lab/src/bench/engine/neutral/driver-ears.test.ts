import type { SpeechToTextEvent } from "@earshot/engine";
import { describe, expect, it } from "vitest";
import { DriverEars } from "./driver-ears.ts";
import type { RecogniserService } from "./engine-under-test.ts";

function open(partialEveryMs = 0) {
  let fed = 0;
  let heard = 0;
  const service: RecogniserService = {
    onEvent: () => {},
    pushSamples: (count) => {
      fed += count;
    },
  };
  const events: SpeechToTextEvent[] = [];
  const ears = new DriverEars(service, () => heard);
  const stream = ears.open({ language: "en", partialEveryMs, onEvent: (event) => events.push(event) });
  const hear = (samples: number) => {
    heard += samples;
  };
  const finals = () =>
    events.flatMap((event) => (event.type === "final" ? [`${event.utteranceId}: ${event.text}`] : []));
  return { service, stream, hear, finals, events, fed: () => fed };
}

describe("the driver's recogniser behind the engine's interface", () => {
  it("is fed what came before an utterance when it begins, and nothing twice", () => {
    const { stream, hear, fed } = open();
    hear(320_000);
    expect(fed()).toBe(0);
    stream.begin(1);
    stream.push(new Int16Array(320));
    stream.push(new Int16Array(320));
    hear(320);
    stream.push(new Int16Array(320));
    expect(fed()).toBe(320_320);
  });

  it("calls words that come early probable, and gives them as final once `end` has returned", async () => {
    const { service, stream, finals, events } = open();
    stream.begin(1);
    service.onEvent({ type: "final", text: "caller turn 0" });
    expect(events).toEqual([{ type: "probable", utteranceId: 1, text: "caller turn 0" }]);
    stream.end(1);
    expect(finals()).toEqual([]);
    await Promise.resolve();
    expect(finals()).toEqual(["1: caller turn 0"]);
    stream.close();
  });

  it("gives words that come late at once, and an utterance that got none empty ones when the next begins", () => {
    const { service, stream, finals } = open();
    stream.begin(1);
    stream.end(1);
    service.onEvent({ type: "final", text: "late" });
    stream.begin(2);
    stream.end(2);
    stream.begin(3);
    expect(finals()).toEqual(["1: late", "2: "]);
    stream.close();
  });

  it("passes words on while they are spoken only when they are wanted", () => {
    for (const [everyMs, count] of [
      [0, 0],
      [500, 1],
    ] as const) {
      const { service, stream, events } = open(everyMs);
      stream.begin(1);
      service.onEvent({ type: "interim", text: "caller turn" });
      expect(events).toHaveLength(count);
    }
  });
});
