import { CallAudio } from "../audio/call-audio.ts";
import { createCall, endCall, getCall, getJournal } from "./call.ts";
import { CallSocket } from "./call-socket.ts";
import { LiveCall } from "./live-call.ts";
import { browserScheduler } from "./scheduler.ts";
import { toPageOrigin } from "./socket-url.ts";

/** A call with this browser's microphone, loudspeaker and network. */
export function makeBrowserCall(): LiveCall {
  return new LiveCall({
    openAudio: (handlers) => CallAudio.open(handlers),
    openSocket: (audioUrl, handlers) =>
      new CallSocket({
        url: toPageOrigin(audioUrl, location),
        handlers,
        scheduler: browserScheduler,
        createSocket: (url) => new WebSocket(url),
      }),
    createCall,
    getCall,
    getJournal,
    endCall,
    after: browserScheduler.after,
  });
}
