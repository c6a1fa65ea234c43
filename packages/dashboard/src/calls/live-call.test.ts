import { EarshotError } from "@earshot/sdk";
import { beforeEach, describe, expect, it } from "vitest";
import type { CallAudioHandlers } from "../audio/call-audio.ts";
import { MicrophoneError } from "../audio/microphone.ts";
import type { Call } from "./call.ts";
import type { CallSocketHandlers } from "./call-socket.ts";
import { FakeScheduler } from "./fake-network.ts";
import { toJournal } from "./journal-script.ts";
import { type CallSurroundings, LiveCall } from "./live-call.ts";

const journal = toJournal([
  [0, { type: "call-started" }],
  [5, { type: "caller-speech-started", utteranceId: 1 }],
]);

class World {
  readonly log: string[] = [];
  readonly scheduler = new FakeScheduler();
  audio: CallAudioHandlers | undefined;
  socket: CallSocketHandlers | undefined;
  canHangUp = true;
  calls: Call[] = [{ id: "call_1", status: "ended", endReason: "caller-hung-up", durationMs: 9000 }];

  readonly outside: CallSurroundings = {
    openAudio: async (handlers) => {
      this.audio = handlers;
      return {
        level: 0.5,
        play: (samples) => this.log.push(`play ${samples.length}`),
        clear: () => this.log.push("clear"),
        setDucked: (isDucked) => this.log.push(isDucked ? "duck" : "unduck"),
        setMuted: (isMuted) => this.log.push(`muted ${isMuted}`),
        replaceMicrophone: async () => void this.log.push("replace microphone"),
        close: async () => void this.log.push("close audio"),
      };
    },
    openSocket: (audioUrl, handlers) => {
      this.socket = handlers;
      return {
        open: () => this.log.push(`open ${audioUrl}`),
        sendAudio: (frame) => this.log.push(`send ${frame.length}`),
        reportPlayed: (samples) => this.log.push(`played ${samples}`),
        pressDigit: (digit) => digit !== "#",
        hangUp: () => this.canHangUp,
        close: () => undefined,
      };
    },
    createCall: async (agentId) => ({ id: "call_1", audioUrl: `ws://here/${agentId}` }),
    getCall: async () => this.calls.shift() ?? { id: "call_1", status: "active" },
    getJournal: async () => journal,
    endCall: async (callId) => void this.log.push(`end ${callId}`),
    after: (delayMs, run) => this.scheduler.after(delayMs, run),
  };
}

let world: World;
let call: LiveCall;

beforeEach(() => {
  world = new World();
  call = new LiveCall(world.outside);
});

/** Lets promises that are settled already run on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe("a call of the page", () => {
  it("brings microphone, API and socket together", async () => {
    await call.start("agt_1");
    expect(call.state.phase).toBe("connecting");
    world.socket?.onState({ name: "open" });
    world.audio?.onFrame(new Int16Array(320));
    world.socket?.onAudio(new Int16Array(640));
    world.audio?.onPlayed(640);
    world.socket?.onClear();
    expect(call.state).toMatchObject({ phase: "talking", callId: "call_1", microphone: "on" });
    expect(call.level).toBe(0.5);
    expect(world.log).toEqual(["open ws://here/agt_1", "send 320", "play 640", "played 640", "clear"]);
  });

  it("explains a microphone that was refused, and makes no call then", async () => {
    world.outside.openAudio = () => Promise.reject(new MicrophoneError("denied"));
    await call.start("agt_1");
    expect(call.state).toMatchObject({ phase: "failed", failure: { title: expect.stringContaining("blocked") } });
    expect(world.log).toEqual([]);
  });

  it("gives the microphone back when the server takes no call", async () => {
    world.outside.createCall = () => Promise.reject(new EarshotError("Full.", { status: 503, code: "busy" }));
    await call.start("agt_1");
    expect(call.state.failure).toEqual({ title: "The call could not be started.", fix: "Full." });
    expect(world.log).toEqual(["close audio"]);
  });

  it("catches up with the journal after a lost connection", async () => {
    await call.start("agt_1");
    world.socket?.onState({ name: "open" });
    world.socket?.onState({ name: "reconnecting" });
    expect(call.state.phase).toBe("reconnecting");
    world.socket?.onState({ name: "open" });
    await settled();
    expect(call.state.phase).toBe("talking");
    expect(call.state.journal.entries).toEqual(journal);
  });

  it("ends with the server's account of the call, as soon as its books are closed", async () => {
    world.calls.unshift({ id: "call_1", status: "active" });
    await call.start("agt_1");
    world.socket?.onState({ name: "open" });
    world.socket?.onState({ name: "closed", reason: "connection-lost" });
    await settled();
    expect(call.state).toMatchObject({ phase: "ended", endReason: "connection-lost" });
    world.scheduler.pass(500);
    await settled();
    expect(call.state).toMatchObject({ endReason: "caller-hung-up", call: { durationMs: 9000 } });
    expect(world.log).toContain("close audio");
  });

  it("hangs up through the API when the socket is out of reach", async () => {
    await call.start("agt_1");
    world.canHangUp = false;
    call.hangUp();
    expect(world.log).toContain("end call_1");
  });

  it("closes everything when somebody hangs up before it is connected", async () => {
    const starting = call.start("agt_1");
    call.hangUp();
    await starting;
    expect(call.state.phase).toBe("ended");
    expect(world.log).toEqual(["close audio"]);
  });

  it("tells of a vanished microphone and takes another", async () => {
    await call.start("agt_1");
    world.audio?.onMicrophoneLost();
    expect(call.state.microphone).toBe("lost");
    expect(call.level).toBe(0);
    await call.replaceMicrophone();
    expect(call.state.microphone).toBe("on");
  });

  it("mutes, and says when a digit was not sent", async () => {
    await call.start("agt_1");
    call.setMuted(true);
    expect(call.state.microphone).toBe("muted");
    call.pressDigit("5");
    expect(call.state.notice).toBeUndefined();
    call.pressDigit("#");
    expect(call.state.notice).toContain("not sent");
  });
});
