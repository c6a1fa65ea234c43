/** Browsers' WebRTC connections, on a media thread of their own: their handshakes take longer than a frame may be late. */

import { MediaThread, MediaThreadError } from "@earshot/telephony";
import type { OpenPeer } from "./peer-sound.ts";

export type PeerPorts = Pick<
  ConstructorParameters<typeof MediaThread>[0],
  "bindAddress" | "ports" | "browserAddresses" | "browserSources"
>;

/** Without packets for so long, the sound goes over the socket. A browser sends some while nobody speaks. */
const SILENT_AFTER_MS = 1_000;

/** The thread starts with the first offer; one that has died took its own connections along, and no more than them. */
export function openPeers(ports: PeerPorts): OpenPeer {
  let thread: MediaThread | undefined;
  const answer: OpenPeer = (offer, handlers) => {
    thread ??= new MediaThread(ports);
    return thread.answerOffer(offer, handlers, { silentAfterMs: SILENT_AFTER_MS });
  };
  return async (offer, handlers) => {
    try {
      return await answer(offer, handlers);
    } catch (error) {
      if (!(error instanceof MediaThreadError) || error.code !== "thread_ended") throw error;
      thread = undefined;
      return answer(offer, handlers);
    }
  };
}
