/** The browser's own connection for the sound of a call: WebRTC, beside the call's socket. */

export type CallPeerOptions = {
  readonly iceServers: readonly RTCIceServer[];
  readonly microphone: MediaStream;
  readonly createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  readonly sendOffer: (sdp: string) => void;
  readonly sendCandidate: (candidate: string) => void;
  /** The agent's voice. */
  readonly onVoice: (voice: MediaStream) => void;
  /** There is no way, or no longer: the sound goes over the socket. */
  readonly onFailed: () => void;
};

export class CallPeer {
  readonly #options: CallPeerOptions;
  readonly #connection: RTCPeerConnection;
  #isClosed = false;

  constructor(options: CallPeerOptions) {
    this.#options = options;
    this.#connection = options.createConnection({ iceServers: [...options.iceServers], bundlePolicy: "max-bundle" });
    for (const track of options.microphone.getAudioTracks()) this.#connection.addTrack(track, options.microphone);
    this.#connection.ontrack = ({ track, streams }) => options.onVoice(streams[0] ?? new MediaStream([track]));
    this.#connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== "") options.sendCandidate(candidate.candidate);
    };
    this.#connection.onconnectionstatechange = () => {
      if (this.#connection.connectionState === "failed") this.#fail();
    };
  }

  /** Never rejects. */
  async start(): Promise<void> {
    try {
      await this.#connection.setLocalDescription();
      const sdp = this.#connection.localDescription?.sdp;
      if (!this.#isClosed && sdp !== undefined) this.#options.sendOffer(sdp);
    } catch {
      this.#fail();
    }
  }

  /** Never rejects. */
  async accept(sdp: string): Promise<void> {
    try {
      if (!this.#isClosed) await this.#connection.setRemoteDescription({ type: "answer", sdp });
    } catch {
      this.#fail();
    }
  }

  async replaceMicrophone(microphone: MediaStream): Promise<void> {
    const [track = null] = microphone.getAudioTracks();
    await Promise.all(this.#connection.getSenders().map((sender) => sender.replaceTrack(track)));
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.ontrack = null;
    this.#connection.onicecandidate = null;
    this.#connection.onconnectionstatechange = null;
    this.#connection.close();
  }

  #fail(): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.onFailed();
  }
}
