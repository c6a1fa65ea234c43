import { describe, expect, it } from "vitest";
import { describeStep } from "../testing/describe-step.ts";
import { request, response } from "../testing/messages.ts";
import { type InviteClientInput, startInviteClient, stepInviteClient } from "./invite-client.ts";

const invite = request("INVITE", { Route: "<sip:proxy;lr>" });
const answer = (status: number): InviteClientInput => ({
  kind: "response",
  response: response(invite, status, { To: "<sip:bob@example.com>;tag=b" }),
});
const timer = (name: "A" | "B" | "D" | "M"): InviteClientInput => ({ kind: "timer", timer: name });

function play(isReliable: boolean, inputs: readonly InviteClientInput[]) {
  let step = startInviteClient(invite, isReliable);
  const lines = [describeStep(step)];
  for (const input of inputs) {
    step = stepInviteClient(step.state, input);
    lines.push(describeStep(step));
  }
  return lines;
}

describe("the INVITE client transaction", () => {
  it("repeats the INVITE with doubling pauses until it fails at timer B", () => {
    expect(play(false, [timer("A"), timer("A"), timer("B"), answer(200)])).toEqual([
      "calling: send INVITE, start B 32000, start A 500",
      "calling: send INVITE, start A 1000",
      "calling: send INVITE, start A 2000",
      "terminated: stop A, stop B, failed timeout, ended",
      "terminated:",
    ]);
  });

  it("acknowledges a refusal, and again when it comes again", () => {
    expect(play(false, [answer(180), answer(486), answer(486), timer("D")])).toEqual([
      "calling: send INVITE, start B 32000, start A 500",
      "proceeding: stop A, stop B, deliver 180",
      "completed: stop A, stop B, send ACK, start D 32000, deliver 486",
      "completed: send ACK",
      "terminated: ended",
    ]);
  });

  it("hands every 2xx on until timer M", () => {
    expect(play(false, [answer(200), answer(200), answer(486), timer("M")])).toEqual([
      "calling: send INVITE, start B 32000, start A 500",
      "accepted: stop A, stop B, start M 32000, deliver 200",
      "accepted: deliver 200",
      "accepted:",
      "terminated: ended",
    ]);
  });

  it("never repeats on a stream, and is over with the ACK", () => {
    expect(play(true, [timer("A"), answer(603)])).toEqual([
      "calling: send INVITE, start B 32000",
      "calling: send INVITE, start A 1000",
      "terminated: stop A, stop B, send ACK, deliver 603, ended",
    ]);
  });

  it("fails with its connection", () => {
    expect(play(true, [{ kind: "transport-failed" }]).at(-1)).toBe("terminated: failed transport, ended");
  });

  it("makes an ACK with the branch, route and number of the INVITE and the tag of the answer", () => {
    const { state } = stepInviteClient(startInviteClient(invite, false).state, answer(486));
    expect(state.ack?.headers.get("via")).toBe(invite.headers.get("via"));
    expect(state.ack?.headers.get("route")).toBe("<sip:proxy;lr>");
    expect(state.ack?.headers.get("cseq")).toBe("1 ACK");
    expect(state.ack?.headers.get("to")).toBe("<sip:bob@example.com>;tag=b");
  });
});
