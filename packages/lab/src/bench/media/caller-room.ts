/** The callers of a load: a few sockets and one beat for all of them. */
import { createSocket, type Socket } from "node:dgram";
import process from "node:process";
import type { Samples } from "@earshot/engine";
import {
  type AudioCodec,
  FRAME_MS,
  FRAME_RATE_HZ,
  FRAME_SAMPLES,
  FrameTicker,
  makeG722,
  makeOpus,
  makePcma,
  makePcmu,
  SocketNetwork,
  SystemClock,
  UserAgent,
} from "@earshot/telephony";
import { type Caller, placeCall } from "./caller.ts";
import type { CallPlan } from "./messages.ts";
import { type CallerVoice, RtpLine } from "./rtp-line.ts";

const HOST = "127.0.0.1";
/** Of one socket, so that its buffer outlasts a stall of this process. */
const CALLS_A_SOCKET = 8;
const SILENT_FRAMES = 5;

type Door = { readonly socket: Socket; readonly port: number; readonly lines: Map<number, RtpLine> };

export class CallerRoom {
  readonly #agent: UserAgent;
  readonly #ticker: FrameTicker;
  readonly #voice: Samples;
  readonly #voices = new Map<string, CallerVoice>();
  readonly #doors: Door[] = [];
  #placed = 0;

  private constructor(agent: UserAgent, clock: SystemClock, voice: Samples) {
    this.#agent = agent;
    this.#ticker = new FrameTicker(clock);
    this.#voice = voice;
  }

  /** @param voice what callers say, 16 kHz */
  static async open(voice: Samples): Promise<CallerRoom> {
    const clock = new SystemClock();
    const network = new SocketNetwork({ clock, host: HOST, udpPort: 0 });
    const agent = new UserAgent({
      ...{ clock, network },
      onFault: ({ code, message }) => {
        if (code === "internal" || code === "watcher_threw") process.stderr.write(`A caller's telephone: ${message}\n`);
      },
    });
    await agent.start();
    return new CallerRoom(agent, clock, voice);
  }

  /** How late the latest beat was. */
  get lateMs(): number {
    return this.#ticker.lateMs;
  }

  async place(plan: CallPlan, cycleMs: number): Promise<Caller> {
    const number = this.#placed++;
    const door = await this.#doorOf(number);
    const voice = this.#voiceOf(plan);
    const cycleFrames = cycleMs / FRAME_MS;
    let leave = () => {};
    const caller = placeCall({
      ...{ agent: this.#agent, plan, rtpPort: door.port },
      openLine: (agreement) => {
        const { rtpPort, address = HOST } = agreement.remote;
        const line = new RtpLine({
          ...{ agreement, voice, cycleFrames },
          // Evenly over the cycle, whatever the number of calls.
          offsetFrames: Math.floor(((number * 0.618_034) % 1) * cycleFrames),
          send: (packet) => door.socket.send(packet, rtpPort, address),
        });
        door.lines.set(rtpPort, line);
        const stop = this.#ticker.add(() => line.tick());
        leave = () => {
          stop();
          if (door.lines.get(rtpPort) === line) door.lines.delete(rtpPort);
        };
        return line;
      },
    });
    void caller.over.then(() => leave());
    return caller;
  }

  async #doorOf(number: number): Promise<Door> {
    const at = Math.floor(number / CALLS_A_SOCKET);
    const door = this.#doors[at] ?? (await openDoor());
    this.#doors[at] = door;
    return door;
  }

  #voiceOf({ codec }: CallPlan): CallerVoice {
    const known = this.#voices.get(codec);
    if (known) return known;
    const voice = encodeVoice(makeCodec(codec), this.#voice);
    this.#voices.set(codec, voice);
    return voice;
  }
}

async function openDoor(): Promise<Door> {
  const lines = new Map<number, RtpLine>();
  const socket = createSocket({ type: "udp4", lookup: (address, _, found) => found(null, address, 4) });
  socket.on("message", (packet, { port }) => lines.get(port)?.receive(packet, performance.now()));
  socket.on("error", () => {});
  await new Promise<void>((resolve) => void socket.bind(0, HOST, resolve));
  return { socket, port: socket.address().port, lines };
}

function makeCodec(name: CallPlan["codec"]): AudioCodec {
  return { PCMU: makePcmu, PCMA: makePcma, G722: makeG722, opus: makeOpus }[name]();
}

function encodeVoice(codec: AudioCodec, voice: Samples): CallerVoice {
  const step = FRAME_RATE_HZ / codec.sampleRateHz;
  const encode = (at: number): Uint8Array => {
    const frame = new Int16Array(FRAME_SAMPLES / step);
    // What is lost by leaving out every other sample doesn't matter to voice activity.
    for (let i = 0; i < frame.length; i++) frame[i] = voice[at + i * step] ?? 0;
    const bytes = new Uint8Array(1500);
    return bytes.slice(0, codec.encode(frame, bytes, 0));
  };
  const frames = Array.from({ length: Math.floor(voice.length / FRAME_SAMPLES) }, (_, index) =>
    encode(index * FRAME_SAMPLES),
  );
  const silence = Array.from({ length: SILENT_FRAMES }, () => encode(voice.length)).at(-1) ?? new Uint8Array(0);
  return { speech: frames, silence };
}
