import { describe, expect, it } from "vitest";
import { describeStep } from "../testing/describe-step.ts";
import { request, response } from "../testing/messages.ts";
import { type InviteServerInput, startInviteServer, stepInviteServer } from "./invite-server.ts";
import { type NonInviteServerInput, startNonInviteServer, stepNonInviteServer } from "./non-invite-server.ts";

const invite = request("INVITE");
const respond = (status: number) => ({ kind: "respond", response: response(invite, status) }) as const;
const timer = (name: "G" | "H" | "I" | "L" | "J") => ({ kind: "timer", timer: name }) as const;

function playInvite(isReliable: boolean, inputs: readonly InviteServerInput[]) {
  let step = startInviteServer(isReliable);
  return inputs.map((input) => {
    step = stepInviteServer(step.state, input);
    return describeStep(step);
  });
}

function playOther(isReliable: boolean, inputs: readonly NonInviteServerInput[]) {
  let step = startNonInviteServer(isReliable);
  return inputs.map((input) => {
    step = stepNonInviteServer(step.state, input);
    return describeStep(step);
  });
}

describe("the INVITE server transaction", () => {
  it("repeats its last word when the INVITE comes again", () => {
    expect(playInvite(false, [{ kind: "request" }, respond(100), respond(180), { kind: "request" }])).toEqual([
      "proceeding:",
      "proceeding: send 100",
      "proceeding: send 180",
      "proceeding: send 180",
    ]);
  });

  it("repeats a refusal with pauses up to 4 s until its ACK", () => {
    expect(
      playInvite(false, [respond(486), timer("G"), timer("G"), timer("G"), timer("G"), { kind: "ack" }, timer("I")]),
    ).toEqual([
      "completed: send 486, start H 32000, start G 500",
      "completed: send 486, start G 1000",
      "completed: send 486, start G 2000",
      "completed: send 486, start G 4000",
      "completed: send 486, start G 4000",
      "confirmed: stop G, stop H, start I 5000",
      "terminated: ended",
    ]);
  });

  it("tells that a refusal was never acknowledged", () => {
    expect(playInvite(true, [respond(486), timer("H")])).toEqual([
      "completed: send 486, start H 32000",
      "terminated: stop G, failed timeout, ended",
    ]);
  });

  it("leaves the repetition of a 2xx to the call, and swallows the INVITE that comes again", () => {
    expect(playInvite(false, [respond(200), { kind: "request" }, respond(200), respond(486), timer("L")])).toEqual([
      "accepted: send 200, start L 32000",
      "accepted:",
      "accepted: send 200",
      "accepted:",
      "terminated: ended",
    ]);
  });
});

describe("the non-INVITE server transaction", () => {
  it("answers a repeated request alike until timer J", () => {
    expect(
      playOther(false, [{ kind: "request" }, respond(200), { kind: "request" }, respond(500), timer("J")]),
    ).toEqual([
      "trying:",
      "completed: send 200, start J 32000",
      "completed: send 200",
      "completed:",
      "terminated: ended",
    ]);
  });

  it("is over at once on a stream", () => {
    expect(playOther(true, [respond(200), { kind: "request" }])).toEqual([
      "terminated: send 200, ended",
      "terminated:",
    ]);
  });
});
