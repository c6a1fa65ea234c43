import { expect, it } from "vitest";
import { toPageOrigin } from "./socket-url.ts";

it("reaches the socket by the names that the page was reached by", () => {
  const audioUrl = "ws://10.0.0.7:8080/v1/calls/call_1/audio?token=t";
  expect(toPageOrigin(audioUrl, { protocol: "https:", host: "voice.example.com" })).toBe(
    "wss://voice.example.com/v1/calls/call_1/audio?token=t",
  );
  expect(toPageOrigin("/v1/calls/call_1/audio?token=t", { protocol: "http:", host: "127.0.0.1:8080" })).toBe(
    "ws://127.0.0.1:8080/v1/calls/call_1/audio?token=t",
  );
});
