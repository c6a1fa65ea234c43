import { describe, expect, it } from "vitest";
import { MicrophoneError, openMicrophone, toMicrophoneError } from "./microphone.ts";

describe("the microphone", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "no-device"],
    ["NotReadableError", "busy"],
    ["TypeError", "failed"],
  ])("tells what a %s means", (name, problem) => {
    const error = toMicrophoneError(Object.assign(new Error("no"), { name }));
    expect(error.problem).toBe(problem);
    expect(error.fix).not.toBe("");
  });

  it("keeps an error that is one already", () => {
    const error = new MicrophoneError("denied");
    expect(toMicrophoneError(error)).toBe(error);
  });

  it("explains an origin that browsers don't trust, before asking anybody", async () => {
    await expect(openMicrophone()).rejects.toMatchObject({ problem: "insecure-origin" });
  });
});
