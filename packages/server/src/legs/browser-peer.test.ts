import { FRAME_SAMPLES, type Samples } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { describeCallLeg } from "@earshot/engine/testing/contracts/call-leg-contract";
import type { MediaStatistics, PeerHandlers } from "@earshot/telephony";
import { describe, expect, it } from "vitest";
import { BrowserLeg, type LegWire } from "./browser-leg.ts";

const QUALITY = { codec: "opus" } as MediaStatistics;

/** A peer connection whose packets go out when the test says so. */
class FakePeer {
  readonly handlers: PeerHandlers;
  readonly sent: Samples[] = [];
  readonly statistics = QUALITY;
  isClosed = false;
  readonly #queue: Samples[] = [];

  constructor(handlers: PeerHandlers) {
    this.handlers = handlers;
  }

  get framesSent(): number {
    return this.sent.length;
  }

  get queuedFrames(): number {
    return this.#queue.length;
  }

  send(frame: Samples): boolean {
    return this.#queue.push(frame) > 0;
  }

  clear(): number {
    return this.#queue.splice(0).length;
  }

  close(): void {
    this.isClosed = true;
  }

  /** 20 ms go by: a frame out, a frame in. */
  tick(heard: Samples = frame(0), hasSound = true): void {
    const next = this.#queue.shift();
    if (next) this.sent.push(next);
    this.handlers.onFrame(heard, hasSound);
  }
}

class FakeWire implements LegWire {
  readonly frames: Samples[] = [];
  readonly texts: Record<string, unknown>[] = [];

  sendAudio(sent: Samples): void {
    this.frames.push(sent);
  }

  sendText(message: Readonly<Record<string, unknown>>): void {
    this.texts.push({ ...message });
  }

  close(): void {}
}

const frame = (level: number) => new Int16Array(FRAME_SAMPLES).fill(level);

function makeLeg() {
  const clock = new FakeClock();
  const peers: FakePeer[] = [];
  const qualities: MediaStatistics[] = [];
  const leg = new BrowserLeg({
    callId: "call_1",
    clock,
    openPeer: async (offer, handlers) => {
      if (offer === "nonsense") throw new Error("no audio in it");
      const media = new FakePeer(handlers);
      peers.push(media);
      return { answer: `answer to ${offer}`, media };
    },
    onQuality: (quality) => qualities.push(quality),
  });
  const wire = new FakeWire();
  leg.attach(wire);
  const log: string[] = [];
  const heard: Samples[] = [];
  const open = () =>
    leg.open({
      onAudio: (samples) => heard.push(samples),
      onDigit: (digit) => log.push(`digit ${digit}`),
      onPlayed: (samples) => log.push(`played ${samples / FRAME_SAMPLES}`),
      onLost: () => log.push("lost"),
      onResumed: () => log.push("resumed"),
      onClosed: (reason) => log.push(`closed ${reason}`),
    });
  const tell = (message: object) => leg.receiveText(JSON.stringify(message));
  const meet = async (offer = "v=0") => {
    tell({ type: "offer", sdp: offer });
    await clock.advance(0);
    return peers.at(-1) as FakePeer;
  };
  const media = () => wire.texts.flatMap(({ type, way }) => (type === "media" ? [way] : []));
  return { clock, leg, wire, log, heard, open, tell, meet, media, peers, qualities };
}

/** A leg whose sound goes over WebRTC already. */
async function makePeerLeg() {
  const made = makeLeg();
  made.open();
  const peer = await made.meet();
  peer.tick();
  return { ...made, peer };
}

describeCallLeg("a browser over WebRTC", async () => {
  const { clock, leg, tell, meet } = makeLeg();
  const peer = await meet();
  peer.tick();
  return {
    leg,
    sendFrame: (samples) => peer.tick(samples),
    pressDigit: (digit) => tell({ type: "digit", digit }),
    hangUp: () => tell({ type: "hang-up" }),
    settle: async () => {
      for (let turn = 0; turn < 10; turn++) peer.tick();
      await clock.advance(20);
    },
    played: () => peer.sent,
  };
});

describe("a browser that offers WebRTC", () => {
  it("is answered, and heard there from its first packet on", async () => {
    const { leg, wire, heard, open, meet, media } = makeLeg();
    open();
    const peer = await meet();
    expect(wire.texts.at(-1)).toEqual({ type: "answer", sdp: "answer to v=0" });
    peer.tick(frame(7), false);
    leg.receiveAudio(frame(1));
    expect([heard.map(([first]) => first), media()]).toEqual([[1], []]);
    peer.tick(frame(2));
    leg.receiveAudio(frame(3));
    expect([heard.map(([first]) => first), media()]).toEqual([[1, 2], ["webrtc"]]);
  });

  it("hears a sentence to its end on the way that it began, and the next one over WebRTC", async () => {
    const { leg, wire, log, open, tell, meet } = makeLeg();
    open();
    leg.play(frame(1));
    const peer = await meet();
    peer.tick();
    leg.play(frame(2));
    tell({ type: "played", samples: 2 * FRAME_SAMPLES });
    leg.play(frame(3));
    peer.tick();
    peer.tick();
    expect(wire.frames.map(([first]) => first)).toEqual([1, 2]);
    expect(peer.sent.map(([first]) => first)).toEqual([3]);
    expect(log.filter((line) => line.startsWith("played"))).toEqual(["played 2", "played 3"]);
  });

  it("moves over in the middle where sound never ends", async () => {
    const { clock, leg, wire, open, meet } = makeLeg();
    open();
    leg.play(frame(1));
    const peer = await meet();
    for (let turn = 0; turn < 200; turn++) {
      peer.tick();
      leg.play(frame(2));
      await clock.advance(20);
    }
    expect(wire.frames.length).toBeLessThan(170);
    expect(peer.sent.length).toBeGreaterThan(20);
  });

  it("goes on over the socket when its packets stop, without losing what was to be said", async () => {
    const { leg, wire, peer, heard, media } = await makePeerLeg();
    for (const level of [1, 2, 3]) leg.play(frame(level));
    peer.tick();
    peer.handlers.onSilent?.();
    leg.receiveAudio(frame(9));
    leg.play(frame(4));
    expect(media()).toEqual(["webrtc", "websocket"]);
    expect(peer.sent.map(([first]) => first)).toEqual([1]);
    expect(wire.frames.map(([first]) => first)).toEqual([2, 3, 4]);
    expect(heard.at(-1)?.[0]).toBe(9);
  });

  it("drops what waits on either way when it is told to", async () => {
    const { leg, wire, log, peer } = await makePeerLeg();
    for (const level of [1, 2, 3]) leg.play(frame(level));
    peer.tick();
    leg.clear();
    peer.tick();
    expect(wire.texts.at(-1)).toEqual({ type: "clear" });
    expect(peer.sent).toHaveLength(1);
    expect(log.at(-1)).toBe("played 1");
  });

  it("is not lost with its socket as long as it is heard", async () => {
    const { leg, wire, log, peer, tell } = await makePeerLeg();
    leg.detach(wire);
    expect(log).toEqual([]);
    const second = new FakeWire();
    leg.attach(second);
    tell({ type: "resume", received: 0 });
    expect(log).toEqual([]);
    leg.detach(second);
    peer.handlers.onSilent?.();
    expect(log).toEqual(["lost"]);
  });

  it("is hung up when its socket stays away, though packets come", async () => {
    const { clock, leg, wire, log } = await makePeerLeg();
    leg.detach(wire);
    await clock.advance(20_100);
    expect(log).toEqual(["closed connection-lost"]);
  });

  it("may offer anew: the last one counts", async () => {
    const { peer, peers, meet, heard } = await makePeerLeg();
    const second = await meet("v=1");
    expect(peer.isClosed).toBe(true);
    const before = heard.length;
    peer.tick(frame(5));
    second.tick(frame(6));
    expect([peers.length, heard.slice(before).map(([first]) => first)]).toEqual([2, [6]]);
  });

  it("learns why an offer can't be answered, and that too many are made", async () => {
    const { wire, open, tell, meet, peers } = makeLeg();
    open();
    await meet("nonsense");
    expect(wire.texts.at(-1)).toEqual({ type: "media", way: "websocket", problem: "no audio in it" });
    for (let turn = 0; turn < 30; turn++) await meet();
    expect(peers.length).toBe(19);
    expect(wire.texts.at(-1)?.["problem"]).toContain("20 offers");
    tell({ type: "candidate", candidate: "candidate:1" });
    expect(wire.texts.at(-1)?.["type"]).toBe("media");
  });

  it("leaves word of how it sounded, and gives its port back", async () => {
    const { leg, peer, qualities } = await makePeerLeg();
    leg.close("api-request");
    leg.close("api-request");
    expect([peer.isClosed, qualities]).toEqual([true, [QUALITY]]);
  });
});
