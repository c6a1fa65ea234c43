import type { Earshot } from "@earshot/sdk";
import { describe, expect, it } from "vitest";
import { findCallerModel, toThought } from "./caller-model.ts";

const RECEPTIONIST = { name: "builtin/receptionist", kind: "language-model", isDefault: false };
const serverWith = (...models: object[]) =>
  ({
    models: {
      async *list() {
        yield* models;
      },
    },
  }) as unknown as Earshot;

describe("the model behind a caller with a goal", () => {
  it("is the server's default, or the first that isn't the receptionist", async () => {
    const [small, large] = [
      { name: "ollama/small", kind: "language-model", isDefault: false },
      { name: "openai/large", kind: "language-model", isDefault: true },
    ];
    expect(await findCallerModel(serverWith(RECEPTIONIST, small, large))).toBe("openai/large");
    expect(await findCallerModel(serverWith(RECEPTIONIST, small))).toBe("ollama/small");
  });

  it("is missed, with what to do, where there is only the receptionist", async () => {
    const ears = { name: "embedded/moonshine-base", kind: "speech-to-text", isDefault: true };
    await expect(findCallerModel(serverWith(ears, { ...RECEPTIONIST, isDefault: true }))).rejects.toThrow(
      "needs a language model, and this server has only builtin/receptionist. Connect one",
    );
  });

  it.each([
    ["Hello there.", { do: "say", text: "Hello there." }],
    ['"I want *this*."', { do: "say", text: "I want this." }],
    ["Thanks, bye. [hang up]", { do: "hang-up", text: "Thanks, bye." }],
    ["[hang up]", { do: "hang-up" }],
    ["[press 12#]", { do: "press", digits: "12#" }],
    ["<think>hm</think> Yes.", { do: "say", text: "Yes." }],
    ["", { do: "hang-up" }],
  ])("moves the caller by what it writes: %j", (answer, thought) => {
    expect(toThought(answer)).toEqual(thought);
  });
});
