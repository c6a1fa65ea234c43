import { Hono } from "hono";
import { expect, test } from "vitest";
import type { AppEnv } from "./app-env.ts";
import { audioUrlOf, originOf } from "./origin.ts";

async function ask(publicUrl: string | undefined, headers: Record<string, string>) {
  const app = new Hono<AppEnv>().get("/", (c) => {
    c.set("publicUrl", publicUrl);
    return c.json([originOf(c), audioUrlOf(c, "call_1", "t")]);
  });
  return (await app.request("/", { headers })).json();
}

test("links lead to where others reach the server, and audio to where the client did", async () => {
  const local = "ws://127.0.0.1:8080/v1/calls/call_1/audio?token=t";
  const host = { Host: "127.0.0.1:8080" };
  expect(await ask(undefined, host)).toEqual(["http://127.0.0.1:8080", local]);
  expect(await ask("https://voice.example.com", host)).toEqual(["https://voice.example.com", local]);
});

test("behind a proxy with TLS both are secure", async () => {
  const proxied = { Host: "voice.example.com", "X-Forwarded-Proto": "https" };
  const audio = "wss://voice.example.com/v1/calls/call_1/audio?token=t";
  expect(await ask(undefined, proxied)).toEqual(["https://voice.example.com", audio]);
});
