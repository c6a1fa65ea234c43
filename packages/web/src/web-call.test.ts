import { beforeEach, describe, expect, it } from "vitest";
import type { CallAudioHandlers } from "./audio/call-audio.ts";
import { MicrophoneError } from "./audio/microphone.ts";
import type { CallPeerOptions } from "./connection/call-peer.ts";
import type { CallSocketHandlers } from "./connection/call-socket.ts";
import { FakeScheduler } from "./testing/fake-network.ts";
import { toJournal } from "./testing/journal-script.ts";
import { type CallSurroundings, WebCall } from "./web-call.ts";

const SAID = toJournal([
  [0, { type: "call-started" }],
  [5, { type: "caller-speech-started", utteranceId: 1 }],
  [400, { type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 300 }],
  [500, { type: "transcript-final", utteranceId: 1, text: "Hello?" }],
  [700, { type: "reply-audio-started", replyId: "r1" }],
  [900, { type: "reply-heard", replyId: "r1", text: "Good" }],
  [1100, { type: "reply-heard", replyId: "r1", text: "morning." }],
  [1200, { type: "reply-ended", replyId: "r1" }],
]);

class World {
  readonly log: string[] = [];
  readonly scheduler = new FakeScheduler();
  audio: CallAudioHandlers | undefined;
  socket: CallSocketHandlers | undefined;
  peer: Omit<CallPeerOptions, "createConnection"> | undefined;

  readonly outside: CallSurroundings = {
    openAudio: async (handlers) => {
      this.audio = handlers;
      return {
        level: 0.5,
        agentLevel: 0.25,
        microphone: {} as MediaStream,
        play: (samples) => this.log.push(`play ${samples.length}`),
        playStream: () => this.log.push("play stream"),
        clear: () => this.log.push("clear"),
        setDucked: (isDucked) => this.log.push(isDucked ? "duck" : "unduck"),
        setMuted: (isMuted) => this.log.push(`muted ${isMuted}`),
        chooseMicrophone: async (deviceId) => void this.log.push(`microphone ${deviceId ?? "any"}`),
        chooseSpeaker: async () => true,
        close: async () => void this.log.push("close audio"),
      };
    },
    openSocket: (socketUrl, handlers) => {
      this.socket = handlers;
      return {
        open: () => this.log.push(`open ${socketUrl}`),
        sendAudio: (frame) => this.log.push(`send ${frame.length}`),
        reportPlayed: (samples) => this.log.push(`played ${samples}`),
        pressDigit: (digit) => digit !== "#",
        sendOffer: (sdp) => this.log.push(`offer ${sdp}`),
        sendCandidate: (candidate) => this.log.push(`candidate ${candidate}`),
        hangUp: () => this.log.push("hang up") > 0,
        close: () => undefined,
      };
    },
    openPeer: (options) => {
      this.peer = options;
      return {
        start: async () => options.sendOffer("v=0"),
        accept: async (sdp) => void this.log.push(`accept ${sdp}`),
        replaceMicrophone: async () => void this.log.push("peer's microphone"),
        close: () => this.log.push("close peer"),
      };
    },
    toSocketUrl: async (access) => `ws://here/${String(access)}`,
    scheduler: this.scheduler,
  };
}

let world: World;
let call: WebCall;

beforeEach(() => {
  world = new World();
  call = new WebCall(world.outside);
});

async function begin(iceServers?: RTCIceServer[]): Promise<CallSocketHandlers> {
  await call.start("token");
  const { socket } = world;
  if (socket === undefined) throw new Error("no socket was opened");
  socket.onState({ name: "open" });
  socket.onGreeted({ callId: "call_1", ...(iceServers ? { iceServers } : {}) });
  return socket;
}

const frame = () => new Int16Array(320);

describe("a call of a page", () => {
  it("brings microphone, loudspeaker and socket together", async () => {
    const socket = await begin();
    world.audio?.onFrame(frame());
    socket.onAudio(new Int16Array(640));
    world.audio?.onPlayed(640);
    socket.onDuck(true);
    socket.onClear();
    expect(call.state).toMatchObject({ phase: "talking", callId: "call_1", microphone: "on", media: "websocket" });
    expect(call.level).toBe(0.5);
    expect(world.log).toEqual(["open ws://here/token", "send 320", "play 640", "played 640", "duck", "clear"]);
  });

  it("tells what happens by the names that voice agents' clients go by", async () => {
    const told: unknown[] = [];
    for (const name of ["call-start", "speech-start", "speech-end", "user-speech-start", "user-speech-end"] as const)
      call.on(name, () => told.push(name));
    call.on("transcript", ({ role, text, isFinal }) => told.push(`${role}: ${text}${isFinal ? "" : " …"}`));
    call.on("call-end", ({ reason }) => told.push(`call-end ${reason}`));
    const socket = await begin();
    for (const entry of [...SAID, ...SAID]) socket.onEntry(entry);
    socket.onState({ name: "closed", reason: "agent-hung-up" });
    expect(told).toEqual([
      "call-start",
      "user-speech-start",
      "user-speech-end",
      "user: Hello?",
      "speech-start",
      "agent: Good …",
      "agent: Good morning. …",
      "agent: Good morning.",
      "speech-end",
      "call-end agent-hung-up",
    ]);
    expect(world.log).toContain("close audio");
  });

  it("sends its microphone over WebRTC once the server hears it there, and over the socket when it doesn't", async () => {
    const socket = await begin([]);
    world.audio?.onFrame(frame());
    socket.onAnswer("v=1");
    socket.onMedia("webrtc");
    world.audio?.onFrame(frame());
    socket.onMedia("websocket");
    world.audio?.onFrame(frame());
    expect(world.log).toEqual(["open ws://here/token", "offer v=0", "send 320", "accept v=1", "send 320"]);
  });

  it("offers WebRTC anew after a lost connection, when the last attempt has failed", async () => {
    const socket = await begin([]);
    socket.onState({ name: "reconnecting" });
    socket.onState({ name: "open" });
    socket.onGreeted({ callId: "call_1", iceServers: [] });
    expect(world.log.filter((line) => line.startsWith("offer"))).toHaveLength(1);
    world.peer?.onFailed();
    socket.onGreeted({ callId: "call_1", iceServers: [] });
    expect(world.log.filter((line) => line.startsWith("offer"))).toHaveLength(2);
  });

  it("tells the agent's loudness while somebody listens", async () => {
    const levels: number[] = [];
    await begin();
    world.scheduler.pass(200);
    call.on("volume-level", (level) => levels.push(level));
    world.scheduler.pass(200);
    call.stop();
    world.socket?.onState({ name: "closed", reason: "caller-hung-up" });
    world.scheduler.pass(200);
    expect(levels).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(world.scheduler.pendingCount).toBe(0);
  });

  it("explains a microphone that was refused, and opens no socket then", async () => {
    const errors: string[] = [];
    call.on("error", ({ code }) => errors.push(code));
    world.outside.openAudio = () => Promise.reject(new MicrophoneError("denied"));
    await call.start("token");
    expect(call.state).toMatchObject({ phase: "failed", failure: { title: expect.stringContaining("blocked") } });
    expect([errors, world.log]).toEqual([["denied"], []]);
  });

  it("gives the microphone back when there is no access", async () => {
    world.outside.toSocketUrl = () => Promise.reject(new Error("Full."));
    await call.start("token");
    expect(call.state.failure).toMatchObject({ title: "The call could not be started.", fix: "Full." });
    expect(world.log).toContain("close audio");
  });

  it("closes everything when somebody hangs up before it is connected", async () => {
    const starting = call.start("token");
    call.stop();
    await starting;
    expect(call.state.phase).toBe("ended");
    expect(world.log).toEqual(["close audio"]);
  });

  it("tells of a vanished microphone and takes another, on both ways", async () => {
    await begin([]);
    world.audio?.onMicrophoneLost();
    expect([call.state.microphone, call.level]).toEqual(["lost", 0]);
    await call.chooseMicrophone("usb");
    expect(call.state.microphone).toBe("on");
    expect(world.log).toContain("microphone usb");
    expect(world.log).toContain("peer's microphone");
  });

  it("mutes, and says when a digit was not sent", async () => {
    await begin();
    call.setMuted(true);
    expect(call.state.microphone).toBe("muted");
    expect([call.sendDigit("5"), call.sendDigit("#")]).toEqual([true, false]);
  });
});
