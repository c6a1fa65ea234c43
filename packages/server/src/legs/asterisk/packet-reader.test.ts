import fc from "fast-check";
import { expect, it } from "vitest";
import { toPacket } from "./audiosocket-stream.ts";
import { PacketReader } from "./packet-reader.ts";
import { readCallUuid } from "./read-call-uuid.ts";

it("finds the packets however the network cuts them", () => {
  const packet = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 400 }))
    .map(([kind, payload]) => toPacket(kind, payload));
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 10 }), fc.array(fc.nat(300), { maxLength: 20 }), (packets, cuts) => {
      const all = Buffer.concat(packets);
      const reader = new PacketReader();
      const found: Uint8Array[] = [];
      let at = 0;
      for (const length of [...cuts, all.length]) {
        found.push(...reader.push(all.subarray(at, at + length)));
        at += length;
      }
      expect(found.map((each) => [...each])).toEqual(packets.map((each) => [...each]));
    }),
  );
});

it.each([
  ["0000012125550196000001212555019a", undefined],
  ["00000121255501960000012125550199", { from: "12125550196", to: "12125550199" }],
  ["00000000000000000442079460958000", { from: "", to: "442079460958000" }],
  ["00000121255501960000000000000000", undefined],
])("reads who calls whom from the UUID %s", (hex, call) => {
  expect(readCallUuid(Buffer.from(hex, "hex"))).toEqual(call);
});
