import { createWebCall } from "@earshot/web";
import { tapCall } from "../audio/tap.ts";
import { createCall, endCall, getCall, getJournal } from "./call.ts";
import { LiveCall } from "./live-call.ts";
import { toPageOrigin } from "./socket-url.ts";

/** A call with this browser's microphone, loudspeaker and network. */
export function makeBrowserCall(): LiveCall {
  const media = new URLSearchParams(location.search).get("media") === "websocket" ? "websocket" : "auto";
  return new LiveCall({
    call: createWebCall({ media, tap: tapCall, mapSocketUrl: (url) => toPageOrigin(url, location) }),
    createCall,
    getCall,
    getJournal,
    endCall,
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  });
}
