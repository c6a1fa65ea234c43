/** Browsers' WebRTC connections, on a media thread of their own: their handshakes take longer than a frame may be late. */

import { MediaThread, MediaThreadError } from "@earshot/telephony";
import type { OpenPeer } from "./peer-sound.ts";

export type PeerPorts = Pick<
  ConstructorParameters<typeof MediaThread>[0],
  "bindAddress" | "ports" | "browserAddresses" | "browserSources"
>;

/** Without packets for so long, the sound goes over the socket. A browser sends some while nobody speaks. */
const SILENT_AFTER_MS = 1_000;

export type Peers = {
  readonly open: OpenPeer;
  /** Somebody is about to offer: the thread takes its time to start. */
  prepare(): void;
};

/** The thread starts when it is needed; one that has died took its own connections along, and no more than them. */
export function openPeers(ports: PeerPorts): Peers {
  let thread: MediaThread | undefined;
  const start = () => {
    thread ??= new MediaThread(ports);
    return thread;
  };
  const answer: OpenPeer = (offer, handlers) =>
    start().answerOffer(offer, handlers, { silentAfterMs: SILENT_AFTER_MS });
  return {
    prepare: () => void start(),
    async open(offer, handlers) {
      try {
        return await answer(offer, handlers);
      } catch (error) {
        if (!(error instanceof MediaThreadError) || error.code !== "thread_ended") throw error;
        thread = undefined;
        return answer(offer, handlers);
      }
    },
  };
}
