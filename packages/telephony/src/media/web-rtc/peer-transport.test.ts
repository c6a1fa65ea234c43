import { expect, it } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { writeBindingRequest } from "../stun-message.ts";
import { type Encryption, PeerTransport } from "./peer-transport.ts";

const US = { address: "192.0.2.1", port: 4000 };
const BROWSER = { address: "198.51.100.2", port: 5000 };
const ICE = {
  local: { usernameFragment: "here", password: "local-password-of-22-cc" },
  remote: { usernameFragment: "there", password: "remote-password-of-22-c" },
};
const KEYS: Encryption = {
  suite: "AES_CM_128_HMAC_SHA1_80",
  sendKey: new Uint8Array(30),
  receiveKey: new Uint8Array(30),
};
const RTP = Uint8Array.of(128, 111, 0, 1);
const DTLS = Uint8Array.of(22, 254, 253, 0);

function setUp(isAllowed: (address: string) => boolean = () => true) {
  const clock = new ManualClock();
  const network = new VirtualNetwork(clock);
  const log: string[] = [];
  const { promise: done, resolve, reject } = Promise.withResolvers<Encryption>();
  const transport = new PeerTransport({
    ...{ clock, ice: ICE, isAllowed },
    ports: network.transport(US.address, US.port),
    makeHandshake: (send) => ({
      done,
      start: () => {
        log.push("handshake");
        send(DTLS);
      },
      receive: () => log.push("dtls"),
      close: () => log.push("handshake closed"),
    }),
  });
  transport.open({ onRtp: (bytes, from) => log.push(`rtp ${bytes.length} ${from.address}`), onRtcp: () => {} });
  const send = (bytes: Uint8Array, from = BROWSER) => {
    network.send(bytes, from, US);
    clock.advance(50);
  };
  const check = (isNominating: boolean, from = BROWSER, username = "here:there") =>
    send(writeBindingRequest(new Uint8Array(12), { username, isNominating }, ICE.local.password), from);
  const sentTo = ({ address }: { address: string }) => network.sent.filter(({ to }) => to.address === address);
  return { clock, transport, log, resolve, reject, send, check, sentTo };
}

it("answers checks, and begins the handshake on the way that the browser chooses", async () => {
  const { transport, log, resolve, send, check, sentTo } = setUp();
  transport.sendRtp(RTP);
  check(false);
  expect([log, sentTo(BROWSER).length]).toEqual([[], 1]);
  check(true);
  check(true);
  expect([log, sentTo(BROWSER).length]).toEqual([["handshake"], 4]);
  send(DTLS);
  resolve(KEYS);
  expect(await transport.connected).toBe(KEYS);
  send(RTP);
  expect(log).toEqual(["handshake", "dtls", "rtp 4 0.0.0.0"]);
});

it("follows the browser to another way", () => {
  const { transport, check, sentTo } = setUp();
  const mobile = { address: "203.0.113.9", port: 6000 };
  check(true);
  check(true, mobile);
  const before = sentTo(mobile).length;
  transport.sendRtp(RTP);
  expect(sentTo(mobile)).toHaveLength(before + 1);
});

it("answers nobody who doesn't know the password, or may not come from there", () => {
  const stranger = setUp();
  stranger.check(true, BROWSER, "here:else");
  expect([stranger.log, stranger.sentTo(BROWSER)]).toEqual([[], []]);
  const outside = setUp((address) => address === "127.0.0.1");
  outside.check(true);
  outside.send(RTP);
  expect([outside.log, outside.sentTo(BROWSER)]).toEqual([[], []]);
});

it("gives up after ten seconds without a way, and when the handshake fails", async () => {
  const slow = setUp();
  slow.clock.advance(10_100);
  await expect(slow.transport.connected).rejects.toMatchObject({ code: "no_way" });
  const wrong = setUp();
  wrong.reject(new Error("another certificate"));
  await expect(wrong.transport.connected).rejects.toMatchObject({ code: "no_keys", message: "another certificate" });
});

it("sends and hears nothing once it is closed", async () => {
  const { transport, log, check, send, sentTo } = setUp();
  check(true);
  transport.close();
  transport.close();
  const before = sentTo(BROWSER).length;
  transport.sendRtp(RTP);
  send(RTP);
  expect([log, sentTo(BROWSER).length]).toEqual([["handshake", "handshake closed"], before]);
  await expect(transport.connected).rejects.toMatchObject({ code: "closed" });
});
