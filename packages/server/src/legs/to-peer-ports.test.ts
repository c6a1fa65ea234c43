import { networkInterfaces } from "node:os";
import { expect, it } from "vitest";
import { readConfig } from "../config.ts";
import { toPeerPorts } from "./to-peer-ports.ts";

const ports = { from: 20_000, to: 29_999 };
const own = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .flatMap(({ address, family, internal }) => (family === "IPv4" && !internal ? [address] : []));

it("lets this machine's browsers alone in where nobody else may ask", () => {
  expect(toPeerPorts(readConfig({}))).toEqual({
    bindAddress: "0.0.0.0",
    ports,
    browserAddresses: [...own, "127.0.0.1"],
    browserSources: [...own, "127.0.0.1"],
  });
});

it("tells browsers where a public server is", () => {
  const anywhere = { HOST: "0.0.0.0" };
  expect(toPeerPorts(readConfig(anywhere))).toEqual({ bindAddress: "0.0.0.0", ports, browserAddresses: own });
  expect(toPeerPorts(readConfig({ HOST: "192.0.2.7" }))).toMatchObject({ bindAddress: "192.0.2.7" });
  const behind = { ...anywhere, EARSHOT_WEBRTC_ADDRESS: "203.0.113.1" };
  expect(toPeerPorts(readConfig(behind))?.browserAddresses).toEqual(["203.0.113.1"]);
  expect(toPeerPorts(readConfig({ EARSHOT_WEBRTC: "off" }))).toBeUndefined();
});
