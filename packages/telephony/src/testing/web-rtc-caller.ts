/** A browser's side of a call, played by a library: it offers, finds the way with full ICE, and sends Opus. */
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from "werift";
import { FRAME_SAMPLES, MAX_PACKET_SAMPLES } from "../codecs/audio-codec.ts";
import { makeOpus } from "../codecs/opus.ts";

export class WebRtcCaller {
  readonly #connection = new RTCPeerConnection({
    codecs: {
      audio: [
        new RTCRtpCodecParameters({
          mimeType: "audio/opus",
          clockRate: 48_000,
          channels: 2,
          payloadType: 111,
          parameters: "minptime=10;useinbandfec=1",
        }),
      ],
      video: [],
    },
    iceServers: [],
  });
  readonly #track = new MediaStreamTrack({ kind: "audio" });
  readonly #codec = makeOpus();
  readonly #heard: Int16Array[] = [];
  readonly connected: Promise<void>;
  #sequence = 0;

  constructor() {
    this.#connection.addTransceiver(this.#track, { direction: "sendrecv" });
    this.#connection.onTrack.subscribe((track) => track.onReceiveRtp.subscribe(({ payload }) => this.#hear(payload)));
    this.connected = new Promise((resolve, reject) => {
      this.#connection.connectionStateChange.subscribe((state) => {
        if (state === "connected") resolve();
        if (state === "failed") reject(new Error("the caller found no way"));
      });
    });
    this.connected.catch(() => {});
  }

  /** SDP, with all candidates. */
  async offer(): Promise<string> {
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    return this.#connection.localDescription?.sdp ?? "";
  }

  accept(sdp: string): Promise<unknown> {
    return this.#connection.setRemoteDescription({ type: "answer", sdp });
  }

  /** Sends 20 ms at 16 kHz. */
  say(frame: Int16Array): void {
    const bytes = new Uint8Array(400);
    const length = this.#codec.encode(frame, bytes, 0);
    const sequenceNumber = this.#sequence++ & 0xffff;
    const header = new RtpHeader({ payloadType: 111, sequenceNumber, timestamp: sequenceNumber * 960, ssrc: 1 });
    this.#track.writeRtp(new RtpPacket(header, Buffer.from(bytes.subarray(0, length))));
  }

  /** All that came, in the order of its arrival. */
  get heard(): Int16Array {
    const samples = new Int16Array(this.#heard.length * FRAME_SAMPLES);
    this.#heard.forEach((frame, at) => {
      samples.set(frame.subarray(0, FRAME_SAMPLES), at * FRAME_SAMPLES);
    });
    return samples;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #hear(payload: Uint8Array): void {
    const frame = new Int16Array(MAX_PACKET_SAMPLES);
    if (this.#codec.decode(payload, frame) > 0) this.#heard.push(frame);
  }
}
