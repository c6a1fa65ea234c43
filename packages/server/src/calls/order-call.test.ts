import { expect, test } from "vitest";
import type { Call } from "./call.ts";
import { type CallControl, createIdleCallControl } from "./call-control.ts";
import { injectContextShape, muteShape, sayShape, transferShape } from "./call-order.ts";
import { injectContext } from "./inject-context.ts";
import { muteCall } from "./mute-call.ts";
import { sayInCall } from "./say-in-call.ts";
import type { CallStore } from "./store.ts";
import { transferCall } from "./transfer-call.ts";

const ID = "call_1";
const REF = { workspaceId: "ws_1", id: ID };

/** A store with one call, and a control that holds it where `isHeld` says so. */
function setUp(status: Call["status"], isHeld = true) {
  const orders: unknown[] = [];
  const note = (kind: string) => async (id: string, order: unknown) => {
    orders.push([kind, id, order]);
    return isHeld;
  };
  const control: CallControl = {
    ...createIdleCallControl(),
    say: note("say"),
    injectContext: note("inject"),
    mute: note("mute"),
    transfer: note("transfer"),
  };
  const find = async (workspaceId: string, id: string) =>
    workspaceId === REF.workspaceId && id === ID ? ({ id, status } as Call) : undefined;
  return { orders, deps: { calls: { find } as unknown as CallStore, control } };
}

test("hands orders on to the node's call", async () => {
  const { orders, deps } = setUp("active");
  await sayInCall(deps, REF, sayShape.parse({ text: "Hold on." }));
  await injectContext(deps, REF, injectContextShape.parse({ content: "Paid." }));
  await muteCall(deps, REF, muteShape.parse({ isMuted: true }));
  expect(orders).toEqual([
    ["say", ID, { text: "Hold on.", endAfter: false }],
    ["inject", ID, { content: "Paid.", shouldReply: false }],
    ["mute", ID, true],
  ]);
});

test("says why an order reached no call", async () => {
  const why = async (status: Call["status"]) =>
    sayInCall(setUp(status, false).deps, REF, { text: "Hold on.", endAfter: false });
  await expect(why("created")).rejects.toMatchObject({
    code: "call_not_live",
    message: expect.stringMatching(/has not begun/),
  });
  await expect(why("ended")).rejects.toMatchObject({
    code: "call_not_live",
    message: expect.stringMatching(/has ended/),
  });
  await expect(why("active")).rejects.toMatchObject({
    code: "call_not_live",
    message: expect.stringMatching(/another node/),
  });
  await expect(muteCall(setUp("active").deps, { ...REF, id: "call_2" }, { isMuted: true })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("has a call transferred, with what is said before", async () => {
  const { orders, deps } = setUp("active");
  await transferCall(deps, REF, transferShape.parse({ destination: "+31201234567" }));
  await transferCall(deps, REF, transferShape.parse({ destination: "sip:desk@example.com", message: "One moment." }));
  expect(orders).toEqual([
    ["transfer", ID, { destination: "+31201234567", mode: "cold" }],
    ["transfer", ID, { destination: "sip:desk@example.com", mode: "cold", say: "One moment." }],
  ]);
  const ended = transferCall(setUp("ended", false).deps, REF, transferShape.parse({ destination: "+31201234567" }));
  await expect(ended).rejects.toMatchObject({ code: "call_not_live" });
});

test("takes no order without words, nor a destination that is neither number nor address", () => {
  expect(sayShape.safeParse({ text: " " }).success).toBe(false);
  expect(injectContextShape.safeParse({ content: "" }).success).toBe(false);
  for (const destination of ["112", "tel:1", "", "sip:nobody"])
    expect(transferShape.safeParse({ destination }).success).toBe(false);
  expect(transferShape.safeParse({ destination: "sip:desk@example.com" }).success).toBe(true);
});
