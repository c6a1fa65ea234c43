import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { systemWallClock } from "../wall-clock.ts";
import { iceServersFor } from "./ice-servers.ts";

const STUN = "stun:stun.example.com:3478";
const TURN = "turn:turn.example.com:3478?transport=tcp";
const clock = { ...systemWallClock, now: () => new Date(1_800_000_000_000) };

it("tells browsers of nothing where there is nothing", () => {
  expect(iceServersFor({ iceUrls: [], turn: undefined }, clock, "call_1")).toEqual([]);
});

it("gives each call credentials of its own that expire", () => {
  const [stun, turn] = iceServersFor({ iceUrls: [STUN, TURN], turn: { secret: "shared" } }, clock, "call_1");
  const username = `${1_800_000_000 + 6 * 3600}:call_1`;
  expect(stun).toEqual({ urls: [STUN] });
  const credential = createHmac("sha1", "shared").update(username).digest("base64");
  expect(turn).toEqual({ urls: [TURN], username, credential });
});

it("gives all the same where the relay knows one user", () => {
  const turn = { username: "earshot", password: "secret" };
  expect(iceServersFor({ iceUrls: [TURN], turn }, clock, "call_1")).toEqual([
    { urls: [TURN], username: "earshot", credential: "secret" },
  ]);
});
