import { mkdirSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { freePort, type RunningPeer, runPeer, untilBound } from "./real-peer.ts";

/** A baresip that answers by itself, and takes orders. */
export type Baresip = {
  readonly sipPort: number;
  readonly peer: RunningPeer;
  /** E.g. `dial` with `sip:…`, `hangup`, `hold`. */
  order(command: string, params?: string): void;
  stop(): Promise<void>;
};

const MODULES = ["stdio", "g711", "aufile", "uuid", "account", "contact", "menu", "ctrl_tcp", "stun", "ice"];

type BaresipOptions = {
  /** Picks up at once; else it rings. Default true. */
  readonly answers?: boolean;
  /** A file with certificate and key, PEM: serves TLS on the next port, and trusts whom it signs. */
  readonly tlsFile?: string;
  /** Registers `bob` there with this password. */
  readonly registrar?: { readonly port: number; readonly password: string; readonly transport: "udp" | "tcp" };
};

export async function startBaresip(folder: string, options: BaresipOptions = {}): Promise<Baresip> {
  const [sipPort, controlPort] = [await freePort(), await freePort()];
  const home = join(folder, `baresip-${sipPort}`);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "silence.wav"), silence());
  const modules = MODULES.map((name) => `module ${name}.so`).join("\n");
  const { registrar, tlsFile } = options;
  const tls = tlsFile === undefined ? "" : `sip_certificate ${tlsFile}\nsip_cafile ${tlsFile}\n`;
  writeFileSync(
    join(home, "config"),
    `sip_listen 127.0.0.1:${sipPort}\nmodule_path /usr/lib/baresip/modules\n${modules}\nctrl_tcp_listen 127.0.0.1:${controlPort}\naudio_source aufile,${home}/silence.wav\naudio_player aufile,${home}/out.wav\naudio_alert aufile,${home}/alert.wav\nrtp_ports 30000-30100\n${tls}`,
  );
  const mode = (options.answers ?? true) ? "auto" : "manual";
  const account = registrar
    ? `<sip:bob@127.0.0.1:${registrar.port};transport=${registrar.transport}>;auth_pass=${registrar.password};regint=60`
    : `<sip:bob@127.0.0.1:${sipPort}>;regint=0`;
  writeFileSync(join(home, "accounts"), `${account};answermode=${mode}\n`);
  writeFileSync(join(home, "contacts"), "");
  const peer = runPeer("baresip", ["-f", home], home);
  await untilBound(sipPort);
  await untilBound(controlPort);
  if (tlsFile !== undefined) await untilBound(sipPort + 1);
  const control = await open(controlPort);
  return {
    sipPort,
    peer,
    order(command, params) {
      const text = JSON.stringify({ command, ...(params !== undefined && { params }) });
      control.write(`${Buffer.byteLength(text)}:${text},`);
    },
    async stop() {
      control.destroy();
      await peer.stop();
    },
  };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
    socket.on("data", () => {});
  });
}

/** A second of nothing, 8 kHz mono. */
function silence(): Buffer {
  const samples = 8_000;
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples * 2, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples * 2, 40);
  return Buffer.concat([head, Buffer.alloc(samples * 2)]);
}
