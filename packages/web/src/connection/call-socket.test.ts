import { beforeEach, describe, expect, it } from "vitest";
import { FakeScheduler, FakeSocket } from "../testing/fake-network.ts";
import { CallSocket } from "./call-socket.ts";

let scheduler: FakeScheduler;
let sockets: FakeSocket[];
let log: string[];
let call: CallSocket;

beforeEach(() => {
  scheduler = new FakeScheduler();
  sockets = [];
  log = [];
  call = new CallSocket({
    url: "ws://here/v1/calls/call_1/audio?token=t",
    scheduler,
    createSocket: (url) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
    handlers: {
      onState: (state) => log.push(state.name === "closed" ? `closed: ${state.reason}` : state.name),
      onAudio: (samples) => log.push(`audio ${samples.length}`),
      onGreeted: ({ callId, iceServers }) => log.push(`greeted ${callId}${iceServers ? " with WebRTC" : ""}`),
      onAnswer: (sdp) => log.push(`answer ${sdp}`),
      onMedia: (media) => log.push(`media ${media}`),
      onClear: () => log.push("clear"),
      onDuck: (isDucked) => log.push(isDucked ? "duck" : "unduck"),
      onEntry: ({ seq, event }) => log.push(`entry ${seq} ${event.type}`),
      onProblem: (code, message) => log.push(`problem ${code}: ${message}`),
    },
  });
  call.open();
});

function newest(): FakeSocket {
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error("no socket was made");
  return socket;
}

const isClosed = () => call.state.name === "closed";
const frame = () => new Int16Array(320);

describe("the caller's socket", () => {
  it("carries audio and orders both ways", () => {
    newest().accept();
    call.sendAudio(frame());
    call.reportPlayed(1600);
    call.pressDigit("5");
    newest().deliver({ type: "open", callId: "call_1", pace: "real" });
    newest().deliver(new ArrayBuffer(640));
    newest().deliver({ type: "duck", isDucked: true });
    newest().deliver({ type: "duck", isDucked: false });
    newest().deliver({ type: "clear" });
    newest().deliver({ type: "event", entry: { seq: 1, atMs: 0, event: { type: "call-started" }, effects: [] } });
    newest().deliver({ type: "error", code: "busy", message: "The node is busy." });
    expect(newest().url).toBe("ws://here/v1/calls/call_1/audio?token=t");
    expect(newest().binaryType).toBe("arraybuffer");
    expect(newest().sent).toEqual([frame(), { type: "played", samples: 1600 }, { type: "digit", digit: "5" }]);
    expect(log).toEqual([
      "open",
      "greeted call_1",
      "audio 320",
      "duck",
      "unduck",
      "clear",
      "entry 1 call-started",
      "problem busy: The node is busy.",
    ]);
  });

  it("sends nothing before it is open", () => {
    call.sendAudio(frame());
    call.reportPlayed(1);
    expect(call.pressDigit("1")).toBe(false);
    expect(newest().sent).toEqual([]);
  });

  it("resumes with the samples it has received", () => {
    newest().accept();
    newest().deliver(new ArrayBuffer(640));
    newest().deliver(new ArrayBuffer(640));
    newest().break();
    call.sendAudio(frame());
    call.reportPlayed(500);
    scheduler.pass(250);
    newest().accept();
    expect(sockets).toHaveLength(2);
    expect(newest().sent).toEqual([
      { type: "resume", received: 640 },
      { type: "played", samples: 500 },
    ]);
    expect(log).toEqual(["open", "audio 320", "audio 320", "reconnecting", "open"]);
  });

  it("comes back with the token that it was given for that", () => {
    newest().accept();
    newest().deliver({ type: "open", callId: "call_1", pace: "real", resumeToken: "second" });
    newest().break();
    scheduler.pass(250);
    expect(newest().url).toBe("ws://here/v1/calls/call_1/audio?token=second");
  });

  it("carries what WebRTC needs said", () => {
    newest().accept();
    newest().deliver({ type: "open", callId: "call_1", pace: "real", iceServers: [] });
    call.sendOffer("v=0");
    call.sendCandidate("candidate:1");
    newest().deliver({ type: "answer", sdp: "v=0" });
    newest().deliver({ type: "media", way: "webrtc" });
    newest().deliver({ type: "media", way: "websocket" });
    expect(newest().sent).toEqual([
      { type: "offer", sdp: "v=0" },
      { type: "candidate", candidate: "candidate:1" },
    ]);
    expect(log).toEqual(["open", "greeted call_1 with WebRTC", "answer v=0", "media webrtc", "media websocket"]);
  });

  it("tries again with growing pauses and gives up when the server no longer keeps the call", () => {
    newest().accept();
    newest().break();
    const pauses: number[] = [];
    while (!isClosed()) {
      const startedMs = scheduler.nowMs();
      const count = sockets.length;
      while (sockets.length === count && !isClosed()) scheduler.pass(50);
      pauses.push(scheduler.nowMs() - startedMs);
      newest().break();
    }
    expect(pauses.slice(0, 5)).toEqual([250, 500, 1000, 2000, 2000]);
    expect(scheduler.nowMs()).toBeLessThanOrEqual(20_000);
    expect(log).toEqual(["open", "reconnecting", "closed: connection-lost"]);
    expect(scheduler.pendingCount).toBe(0);
  });

  it("gives up an attempt that is never answered, and the call after twenty seconds", () => {
    scheduler.pass(20_000);
    expect(sockets.length).toBeGreaterThan(2);
    expect(sockets.every((socket) => socket.isClosed)).toBe(true);
    expect(log).toEqual(["closed: connection-lost"]);
  });

  it("allows each break of the connection the whole time again", () => {
    newest().accept();
    newest().break();
    scheduler.pass(3_000);
    newest().accept();
    scheduler.pass(30_000);
    newest().break();
    scheduler.pass(250);
    newest().accept();
    expect(call.state.name).toBe("open");
  });

  it("treats a connection that no longer takes audio as lost", () => {
    newest().accept();
    newest().bufferedAmount = 70_000;
    call.sendAudio(frame());
    expect(newest().isClosed).toBe(true);
    expect(log).toEqual(["open", "reconnecting"]);
  });

  it("says where it stands after a first attempt that may have reached the server", () => {
    scheduler.pass(5_250);
    newest().accept();
    expect(newest().sent).toEqual([{ type: "resume", received: 0 }]);
  });

  it("does not come back to a call that is over", () => {
    newest().accept();
    newest().deliver({ type: "error", code: "call_over", message: "This call has ended." });
    expect(log).toEqual(["open", "closed: connection-lost"]);
    expect(scheduler.pendingCount).toBe(0);
  });

  it("does not come back when the server refuses", () => {
    newest().accept();
    newest().break(4404);
    expect(log).toEqual(["open", "closed: connection-lost"]);
    expect(scheduler.pendingCount).toBe(0);
  });

  it("ends with the server's reason and hears nothing afterwards", () => {
    newest().accept();
    const socket = newest();
    socket.deliver({ type: "closed", reason: "agent-hung-up" });
    socket.deliver(new ArrayBuffer(640));
    socket.break();
    scheduler.pass(60_000);
    expect(log).toEqual(["open", "closed: agent-hung-up"]);
    expect(sockets).toHaveLength(1);
  });

  it("hangs up and waits for the last word of the server, but not for ever", () => {
    newest().accept();
    expect(call.hangUp()).toBe(true);
    expect(newest().sent).toEqual([{ type: "hang-up" }]);
    expect(call.state.name).toBe("open");
    scheduler.pass(2_000);
    expect(log).toEqual(["open", "closed: caller-hung-up"]);
  });

  it("does not reconnect when the connection ends after hanging up", () => {
    newest().accept();
    call.hangUp();
    newest().break();
    expect(log).toEqual(["open", "closed: caller-hung-up"]);
  });

  it("says so when hanging up can't be sent", () => {
    newest().accept();
    newest().break();
    expect(call.hangUp()).toBe(false);
    expect(log).toEqual(["open", "reconnecting", "closed: caller-hung-up"]);
  });

  it("ignores what it does not understand", () => {
    newest().accept();
    for (const message of ["{", "7", '{"type":"dance"}', '{"type":"event","entry":{"seq":"1"}}'])
      newest().deliver(message);
    newest().deliver(new ArrayBuffer(3));
    expect(log).toEqual(["open", "audio 1"]);
  });
});
