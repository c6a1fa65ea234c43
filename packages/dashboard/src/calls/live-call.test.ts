import { EarshotError } from "@earshot/sdk";
import type { GivesAccess, WebCallEvents, WebCallState } from "@earshot/web";
import { FakeScheduler, toJournal } from "@earshot/web/testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { Call } from "./call.ts";
import { type CallSurroundings, LiveCall } from "./live-call.ts";

const journal = toJournal([
  [0, { type: "call-started" }],
  [5, { type: "caller-speech-started", utteranceId: 1 }],
]);

/** The call in the page, told what happens by the test. */
class FakeWebCall {
  readonly log: string[] = [];
  readonly level = 0.5;
  state: WebCallState = {
    phase: "idle",
    microphone: "on",
    media: "websocket",
    captions: { lines: [], isCallerTalking: false, agent: { state: "idle" } },
  };
  readonly #listeners = new Map<string, ((detail: never) => void)[]>();

  on<Name extends keyof WebCallEvents>(name: Name, listener: (detail: WebCallEvents[Name]) => void): () => void {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    return () => {};
  }

  tell<Name extends keyof WebCallEvents>(name: Name, detail: WebCallEvents[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(detail as never);
  }

  turn(change: Partial<WebCallState>): void {
    this.state = { ...this.state, ...change };
    this.tell("state", this.state);
  }

  async start(access: GivesAccess): Promise<void> {
    this.turn({ phase: "connecting" });
    try {
      this.log.push(`start ${JSON.stringify(typeof access === "function" ? await access() : access)}`);
    } catch (cause) {
      this.turn({
        phase: "failed",
        failure: { code: "not_started", title: "Not started.", fix: String(cause), cause },
      });
    }
  }

  stop(): void {
    this.log.push("stop");
  }

  setMuted(isMuted: boolean): void {
    this.turn({ microphone: isMuted ? "muted" : "on" });
  }

  sendDigit(digit: string): boolean {
    return digit !== "#";
  }

  async chooseMicrophone(): Promise<void> {
    this.turn({ microphone: "on" });
  }
}

let web: FakeWebCall;
let scheduler: FakeScheduler;
let calls: Call[];
let ended: string[];
let outside: CallSurroundings;
let call: LiveCall;

beforeEach(() => {
  web = new FakeWebCall();
  scheduler = new FakeScheduler();
  calls = [{ id: "call_1", status: "ended", endReason: "caller-hung-up", durationMs: 9000 }];
  ended = [];
  outside = {
    call: web,
    createCall: async (agentId) => ({ id: "call_1", audioUrl: `ws://here/${agentId}` }),
    getCall: async () => calls.shift() ?? { id: "call_1", status: "active" },
    getJournal: async () => journal,
    endCall: async (callId) => void ended.push(callId),
    after: (delayMs, run) => scheduler.after(delayMs, run),
  };
  call = new LiveCall(outside);
});

/** Lets promises that are settled already run on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe("a call of the dashboard", () => {
  it("is created through the API and keeps its journal", async () => {
    await call.start("agt_1");
    web.turn({ phase: "talking" });
    for (const entry of journal) web.tell("message", entry);
    expect(web.log).toEqual(['start {"audioUrl":"ws://here/agt_1"}']);
    expect(call.state).toMatchObject({ phase: "talking", callId: "call_1", journal: { entries: journal } });
    expect(call.level).toBe(0.5);
  });

  it("asks people whose session is over to sign in again", async () => {
    outside.createCall = () => Promise.reject(new EarshotError("No.", { status: 401, code: "unauthorized" }));
    await call.start("agt_1");
    expect(call.state.failure?.fix).toContain("sign in again");
  });

  it("catches up with the journal after a lost connection", async () => {
    await call.start("agt_1");
    web.turn({ phase: "reconnecting" });
    web.turn({ phase: "talking" });
    web.tell("reconnected", undefined);
    await settled();
    expect(call.state.journal.entries).toEqual(journal);
  });

  it("ends with the server's account of the call, as soon as its books are closed", async () => {
    calls.unshift({ id: "call_1", status: "active" });
    await call.start("agt_1");
    web.turn({ phase: "ended", endReason: "connection-lost" });
    await settled();
    expect(call.state).toMatchObject({ phase: "ended", endReason: "connection-lost" });
    scheduler.pass(500);
    await settled();
    expect(call.state).toMatchObject({ endReason: "caller-hung-up", call: { durationMs: 9000 } });
  });

  it("hangs up through the API when the connection is out of reach", async () => {
    await call.start("agt_1");
    web.turn({ phase: "talking" });
    call.hangUp();
    expect(ended).toEqual([]);
    web.turn({ phase: "reconnecting" });
    call.hangUp();
    expect(ended).toEqual(["call_1"]);
  });

  it("ends a call that was made after somebody had hung up", async () => {
    outside.createCall = async () => {
      web.turn({ phase: "ended", endReason: "caller-hung-up" });
      return { id: "call_1", audioUrl: "ws://here" };
    };
    await call.start("agt_1");
    expect(ended).toEqual(["call_1"]);
  });

  it("takes another microphone, mutes, and says when a digit was not sent", async () => {
    await call.start("agt_1");
    web.turn({ microphone: "lost" });
    expect(call.state.microphone).toBe("lost");
    await call.replaceMicrophone();
    call.setMuted(true);
    expect(call.state.microphone).toBe("muted");
    call.pressDigit("5");
    expect(call.state.notice).toBeUndefined();
    call.pressDigit("#");
    expect(call.state.notice).toContain("not sent");
  });
});
