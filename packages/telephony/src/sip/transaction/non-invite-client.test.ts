import { describe, expect, it } from "vitest";
import { describeStep } from "../testing/describe-step.ts";
import { request, response } from "../testing/messages.ts";
import { type NonInviteClientInput, startNonInviteClient, stepNonInviteClient } from "./non-invite-client.ts";

const bye = request("BYE");
const answer = (status: number): NonInviteClientInput => ({ kind: "response", response: response(bye, status) });
const timer = (name: "E" | "F" | "K"): NonInviteClientInput => ({ kind: "timer", timer: name });

function play(isReliable: boolean, inputs: readonly NonInviteClientInput[]) {
  let step = startNonInviteClient(bye, isReliable);
  const lines = [describeStep(step)];
  for (const input of inputs) {
    step = stepNonInviteClient(step.state, input);
    lines.push(describeStep(step));
  }
  return lines;
}

describe("the non-INVITE client transaction", () => {
  it("repeats with pauses up to 4 s until timer F", () => {
    expect(play(false, [timer("E"), timer("E"), timer("E"), timer("E"), timer("F")])).toEqual([
      "trying: send BYE, start F 32000, start E 500",
      "trying: send BYE, start E 1000",
      "trying: send BYE, start E 2000",
      "trying: send BYE, start E 4000",
      "trying: send BYE, start E 4000",
      "terminated: stop E, stop F, failed timeout, ended",
    ]);
  });

  it("repeats every 4 s once the far end has shown that it works on it", () => {
    expect(play(false, [answer(100), timer("E")]).slice(1)).toEqual([
      "proceeding: deliver 100",
      "proceeding: send BYE, start E 4000",
    ]);
  });

  it("swallows the answer that comes again until timer K", () => {
    expect(play(false, [answer(200), answer(200), timer("K")]).slice(1)).toEqual([
      "completed: stop E, stop F, start K 5000, deliver 200",
      "completed:",
      "terminated: ended",
    ]);
    expect(play(true, [answer(200)]).at(-1)).toBe("terminated: stop E, stop F, deliver 200, ended");
  });
});
