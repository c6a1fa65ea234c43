import { StartupError } from "../../app-error.ts";
import type { Config } from "../../config.ts";
import { AsteriskDesk, type AsteriskDeskOptions } from "./asterisk-desk.ts";
import { AudioSocketServer } from "./audiosocket-server.ts";

const THIS_MACHINE = ["127.0.0.0/8", "::1"];

/** What takes the calls of Asterisk servers, and its port of AudioSocket where one is configured. */
export type Asterisk = { readonly desk: AsteriskDesk; close(): Promise<void> };

/** @throws StartupError when the port can't be had */
export async function startAsterisk(
  { asterisk, host, databaseUrl, publicUrl }: Pick<Config, "asterisk" | "host" | "databaseUrl" | "publicUrl">,
  options: Omit<AsteriskDeskOptions, "allowed">,
): Promise<Asterisk> {
  const { audioSocketPort: port, allow } = asterisk;
  const own = databaseUrl === undefined ? THIS_MACHINE : [];
  // Behind a proxy on this machine the whole world comes from this machine.
  const ownSockets = publicUrl === undefined ? own : [];
  const desk = new AsteriskDesk({
    ...options,
    allowed: { audiosocket: [...own, ...allow], asterisk: [...ownSockets, ...allow] },
  });
  if (port === undefined) return { desk, async close() {} };
  const server = new AudioSocketServer({ desk, host, port, clock: options.deps.clock, log: options.log });
  try {
    const taken = await server.start();
    options.log.info({ port: taken }, "AudioSocket is open");
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new StartupError(`EARSHOT_AUDIOSOCKET_PORT: ${problem}. Set it to another port, or to off.`, {
      cause: error,
    });
  }
  return { desk, close: () => server.close() };
}
