import { CallAudio, type CallAudioOptions } from "./audio/call-audio.ts";
import { toSocketUrl } from "./call-access.ts";
import { CallPeer } from "./connection/call-peer.ts";
import { CallSocket } from "./connection/call-socket.ts";
import { browserScheduler } from "./connection/scheduler.ts";
import { WebCall } from "./web-call.ts";

export type WebCallOptions = Omit<CallAudioOptions, "worklets"> & {
  /** Where Earshot is. Default: where the page comes from. */
  readonly baseUrl?: string;
  /** `websocket`: never WebRTC. Default `auto`: WebRTC where there is a way for it. */
  readonly media?: "auto" | "websocket";
  /** URLs of the sound modules. Default: those of the server. */
  readonly worklets?: CallAudioOptions["worklets"];
  /** Changes where a call's socket is said to be, such as for a proxy. */
  readonly mapSocketUrl?: (socketUrl: string) => string;
};

/** A call with this browser's microphone, loudspeaker and network, for one use. */
export function createWebCall(options: WebCallOptions = {}): WebCall {
  const { baseUrl = location.origin, media = "auto", mapSocketUrl = (url) => url, ...audio } = options;
  const file = (name: string) => new URL(`/${name}`, baseUrl).href;
  const worklets = options.worklets ?? { capture: file("capture-worklet.js"), playback: file("playback-worklet.js") };
  const hasPeers = media === "auto" && typeof RTCPeerConnection === "function";
  return new WebCall({
    openAudio: (handlers) => CallAudio.open(handlers, { ...audio, worklets }),
    openSocket: (socketUrl, handlers) =>
      new CallSocket({
        url: mapSocketUrl(socketUrl),
        handlers,
        scheduler: browserScheduler,
        createSocket: (url) => new WebSocket(url),
      }),
    ...(hasPeers
      ? {
          openPeer: (given) =>
            new CallPeer({ ...given, createConnection: (configuration) => new RTCPeerConnection(configuration) }),
        }
      : {}),
    toSocketUrl: (access) => toSocketUrl(access, baseUrl),
    scheduler: browserScheduler,
  });
}
