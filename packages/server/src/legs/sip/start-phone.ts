import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { NetworkError, type TlsServerOptions } from "@earshot/telephony";
import { StartupError } from "../../app-error.ts";
import type { Config, SipConfig } from "../../config.ts";
import { SipDesk, type SipDeskOptions } from "./sip-desk.ts";

/**
 * This machine itself: as trustworthy as the embedded database beside it. Softphones call 127.0.0.1 from whatever
 * address of the machine they have found first, and the kernel takes none of those from outside.
 */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return ["127.0.0.0/8", "::1", ...all.map(({ address }) => address.replace(/%.*/, ""))];
}

/** Where phones call, or why they can't. */
export type Phone = { readonly desk?: SipDesk; readonly explanation: string };

/**
 * Opens the ports of telephone calls. A port that is taken is told, and is no reason not to start unless it was asked for.
 * @throws StartupError naming the setting to correct
 */
export async function startPhone(
  config: Pick<Config, "host" | "databaseUrl" | "sip">,
  options: Omit<SipDeskOptions, "host" | "port" | "advertisedAddress" | "tls" | "trusted">,
): Promise<Phone> {
  const { port, isPortRequired, advertisedAddress, allow } = config.sip;
  if (port === undefined) return { explanation: "off (EARSHOT_SIP_PORT)." };
  const desk = new SipDesk({
    ...options,
    ...{ port, advertisedAddress },
    host: config.host === "localhost" ? "127.0.0.1" : config.host,
    tls: await readTls(config.sip),
    trusted: [...(config.databaseUrl === undefined ? ownAddresses() : []), ...allow],
  });
  try {
    await desk.start();
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const fix = "Stop the program that has it, or set EARSHOT_SIP_PORT to another port, or to off.";
    if (isPortRequired) throw new StartupError(`${error.message}. ${fix}`, { cause: error });
    return { explanation: `none: ${error.message}. ${fix}` };
  }
  return { desk, explanation: `sip:NUMBER@${desk.address}, or an agent's name instead of the number.` };
}

async function readTls({ tls }: SipConfig): Promise<TlsServerOptions | undefined> {
  if (tls === undefined) return undefined;
  return {
    cert: await readPem("EARSHOT_SIP_TLS_CERT", tls.certFile),
    key: await readPem("EARSHOT_SIP_TLS_KEY", tls.keyFile),
  };
}

async function readPem(name: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new StartupError(`${name}: the file can't be read (${problem})`, { cause: error });
  }
}
