import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { configVariables, isLoopbackHost, readConfig } from "./config.ts";

describe("readConfig", () => {
  test("starts without any setting, on this machine only", () => {
    expect(readConfig({})).toMatchObject({
      host: "127.0.0.1",
      port: 8080,
      dataDirectory: resolve("data"),
      databaseUrl: undefined,
      shutdownTimeoutMs: 30_000,
      allowPrivateUrls: [],
    });
  });

  test("takes an empty variable for an unset one", () => {
    expect(readConfig({ PORT: "", DATABASE_URL: "  " })).toMatchObject({ port: 8080, databaseUrl: undefined });
  });

  test("names every wrong variable, its value and what to do", () => {
    expect(() => readConfig({ PORT: "80a", LOG_LEVEL: "loud" })).toThrow(
      'PORT is "80a": must be a whole number from 0 to 65535; correct it, or unset it for the default 8080\n' +
        'LOG_LEVEL is "loud": must be one of fatal, error, warn, info, debug, trace, silent; correct it, or unset it for the default info',
    );
  });

  test("refuses a port above 65535", () => {
    expect(() => readConfig({ PORT: "65536" })).toThrow("must be from 0 to 65535");
  });

  test("never prints a secret that is wrong", () => {
    for (const [name, value] of [
      ["EARSHOT_API_KEY", "sesame"],
      ["DATABASE_URL", "mysql://root:sesame@db/x"],
    ] as const) {
      expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^(?!.*sesame)${name} must`, "s"));
    }
  });

  test("splits the list of private hosts that webhooks may reach", () => {
    expect(readConfig({ EARSHOT_ALLOW_PRIVATE_URLS: "10.0.0.0/8, crm.internal" }).allowPrivateUrls).toEqual([
      "10.0.0.0/8",
      "crm.internal",
    ]);
  });
});

describe("settings of phone calls", () => {
  test("have ports by default, which need not be free", () => {
    expect(readConfig({}).sip).toMatchObject({
      ...{ port: 5060, isPortRequired: false, rtpPorts: { from: 20_000, to: 29_999 } },
      ...{ allow: [], tls: undefined, advertisedAddress: undefined },
    });
    expect(readConfig({ EARSHOT_SIP_PORT: "5070" }).sip).toMatchObject({ port: 5070, isPortRequired: true });
    expect(readConfig({ EARSHOT_SIP_PORT: "off" }).sip.port).toBeUndefined();
  });

  test.each([
    [{ EARSHOT_SIP_PORT: "65535" }, /EARSHOT_SIP_PORT is "65535": must be from 0 to 65534/],
    [{ EARSHOT_RTP_PORTS: "20000" }, /EARSHOT_RTP_PORTS.*such as 20000-29999/],
    [{ EARSHOT_RTP_PORTS: "3000-2000" }, /EARSHOT_RTP_PORTS.*upwards/],
    [{ EARSHOT_SIP_ALLOW: "10.0.0.0/8, office" }, /EARSHOT_SIP_ALLOW has "office"/],
    [{ EARSHOT_SIP_ALLOW: "10.0.0.0/40" }, /EARSHOT_SIP_ALLOW has "10.0.0.0\/40"/],
    [{ EARSHOT_SIP_TLS_CERT: "cert.pem" }, /belong together/],
  ])("refuses %j", (given, words) => {
    expect(() => readConfig(given)).toThrow(words);
  });
});

describe("browsers' calls", () => {
  test("go over WebRTC, at the address of telephones unless they have one of their own", () => {
    const off = { isOn: false, addresses: [], iceUrls: [], turn: undefined };
    expect(readConfig({ EARSHOT_WEBRTC: "off" }).webRtc).toEqual(off);
    expect(readConfig({ EARSHOT_SIP_ADDRESS: "192.0.2.1" }).webRtc).toMatchObject({
      isOn: true,
      addresses: ["192.0.2.1"],
    });
    expect(readConfig({ EARSHOT_SIP_ADDRESS: "sip.example.com" }).webRtc.addresses).toEqual([]);
    const own = { EARSHOT_SIP_ADDRESS: "192.0.2.1", EARSHOT_WEBRTC_ADDRESS: "192.0.2.2, 198.51.100.2" };
    expect(readConfig(own).webRtc.addresses).toEqual(["192.0.2.2", "198.51.100.2"]);
  });

  test.each([
    [{ EARSHOT_WEBRTC_ADDRESS: "voice.example.com" }, /EARSHOT_WEBRTC_ADDRESS is "voice.example.com": must be IPv4/],
    [{ EARSHOT_ICE_SERVERS: "https://turn.example.com" }, /EARSHOT_ICE_SERVERS .* must be servers such as/],
    [{ EARSHOT_TURN_USERNAME: "earshot" }, /belong together/],
  ])("are not begun with %o", (environment, words) => {
    expect(() => readConfig(environment)).toThrow(words);
  });
});

test("every variable is documented", () => {
  expect(configVariables.filter(({ description }) => description.length < 15)).toEqual([]);
  expect(configVariables.find(({ name }) => name === "EARSHOT_SHUTDOWN_TIMEOUT_MS")).toEqual({
    name: "EARSHOT_SHUTDOWN_TIMEOUT_MS",
    default: "30000",
    unit: "ms",
    description: "How long a shutdown lets calls finish.",
    isSecret: false,
  });
});

test("tells loopback addresses from others", () => {
  expect(["127.0.0.1", "127.1.2.3", "localhost", "::1"].filter(isLoopbackHost)).toHaveLength(4);
  expect(["0.0.0.0", "::", "192.168.1.2", "127.evil.example"].filter(isLoopbackHost)).toEqual([]);
});
