import fc from "fast-check";
import { expect, it } from "vitest";
import { IceLite } from "./ice-lite.ts";
import { readBindingRequest, writeBindingRequest, writeBindingSuccess } from "./stun-message.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ""), "hex");

/** RFC 5769: short-term credentials, for a user "evtj:h6vY" with this password. */
const PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";
const REQUEST = hex(`
  00010058 2112a442 b7e7a701bc34d686fa87dfae
  80220010 5354554e207465737420636c69656e74
  00240004 6e0001ff
  80290008 932ff9b151263b36
  00060009 6576746a3a68367659202020
  00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
  80280004 e57a3bcf`);
const RESPONSE_ADDRESS = { address: "192.0.2.1", port: 32_853 };

it("knows the request of RFC 5769 section 2.1 for genuine", () => {
  expect(readBindingRequest(REQUEST, PASSWORD)).toMatchObject({
    username: "evtj:h6vY",
    isControlled: true,
    isNominating: false,
  });
  expect(readBindingRequest(REQUEST, `${PASSWORD}x`)).toBeUndefined();
});

it("hides the address as RFC 5769 sections 2.2 and 2.3 do", () => {
  const transaction = hex("b7e7a701bc34d686fa87dfae");
  const response = Buffer.from(writeBindingSuccess(transaction, RESPONSE_ADDRESS, PASSWORD));
  expect(response.includes(hex("00200008 0001a147e112a643"))).toBe(true);
  const six = { address: "2001:db8:1234:5678:11:2233:4455:6677", port: 32_853 };
  expect(
    Buffer.from(writeBindingSuccess(transaction, six, PASSWORD)).includes(
      hex("00200014 0002a147 0113a9faa5d3f179bc25f4b5bed2b9d9"),
    ),
  ).toBe(true);
});

it("leaves a packet as it came", () => {
  const packet = Buffer.from(REQUEST);
  const request = readBindingRequest(packet, PASSWORD);
  expect(packet.equals(REQUEST)).toBe(true);
  packet.fill(0);
  expect(request?.transaction).toEqual(Uint8Array.from(REQUEST.subarray(8, 20)));
});

it("refuses a request of which one bit was changed, whichever it is", () => {
  for (let bit = 0; bit < 8 * REQUEST.length; bit++) {
    const changed = Uint8Array.from(REQUEST);
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(readBindingRequest(changed, PASSWORD), `bit ${bit}`).toBeUndefined();
  }
});

it("meets any bytes without throwing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(107), fc.nat(255), (noise, at, value) => {
      expect(readBindingRequest(noise, PASSWORD)).toBeUndefined();
      const mixed = Uint8Array.from(REQUEST);
      mixed.set(noise.subarray(0, mixed.length - at), at);
      mixed[at] = value;
      readBindingRequest(mixed, PASSWORD);
    }),
    { numRuns: 2000 },
  );
});

it("answers checks for its own user name only, and takes back the role when both are controlled", () => {
  const local = { usernameFragment: "ours", password: PASSWORD };
  const remote = { usernameFragment: "them", password: "irrelevant" };
  const ice = new IceLite({ local, remote });
  const from = { address: "192.0.2.7", port: 99 };
  const ask = (username: string, isControlled = false) =>
    ice.answer(writeBindingRequest(new Uint8Array(12), { username, isControlled, isNominating: true }, PASSWORD), from);
  expect(ask("ours:them")?.isNominated).toBe(true);
  expect(ask("ours:else")).toBeUndefined();
  expect(ask("ours:them", true)).toMatchObject({ isNominated: false });
});
