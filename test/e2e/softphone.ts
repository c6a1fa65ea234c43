/** baresip, a softphone, as a process: it plays a WAV to whoever it talks to, and records them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeWav, parseWav, type Samples, toEngineRate } from "@earshot/engine";

const PROGRAM = "/usr/bin/baresip";
const MODULES = ["stdio", "g711", "aufile", "sndfile", "uuid", "account", "contact", "menu"];
const PHONE_RATE_HZ = 8_000;

/** Why tests with a softphone can't run here, or undefined when they can. */
export function whyNoSoftphone(): string | undefined {
  if (existsSync(PROGRAM)) return undefined;
  const reason = "baresip is not installed (Debian package baresip)";
  if (process.env["EARSHOT_TEST_REQUIRE_ALL"] === "1")
    throw new Error(`EARSHOT_TEST_REQUIRE_ALL is set, but ${reason}`);
  return reason;
}

export type SoftphoneOptions = {
  /** Holds its settings and recordings. */
  readonly folder: string;
  readonly sipPort: number;
  /** What it says, 16 kHz, from the moment of the answer. */
  readonly says: Samples;
  /** Whom it calls; absent: it waits. */
  readonly calls?: string;
  /** Its own name or number. Default bob. */
  readonly user?: string;
  /** Picks up at once; else it rings. Default true. */
  readonly answers?: boolean;
  /** Signalling over TLS, and no sound but an encrypted one (SRTP). */
  readonly isEncrypted?: boolean;
  /** Registers there, as `sip:user@host:port`, with this password. */
  readonly account?: { readonly address: string; readonly password: string };
};

export class Softphone {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #words = "";

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.#words = (this.#words + chunk.toString()).slice(-50_000);
      });
  }

  static async start({
    folder,
    sipPort,
    says,
    calls,
    user = "bob",
    answers = true,
    account,
    isEncrypted = false,
  }: SoftphoneOptions): Promise<Softphone> {
    await mkdir(folder, { recursive: true });
    const wav = join(folder, "says.wav");
    await writeFile(wav, encodeWav({ samples: halve(says), sampleRateHz: PHONE_RATE_HZ }));
    const settings = [
      `sip_listen 127.0.0.1:${sipPort}`,
      "module_path /usr/lib/baresip/modules",
      ...[...MODULES, ...(isEncrypted ? ["srtp"] : [])].map((name) => `module ${name}.so`),
      `audio_source aufile,${wav}`,
      `audio_player aufile,${join(folder, "played.wav")}`,
      `audio_alert aufile,${join(folder, "alert.wav")}`,
      "rtp_ports 31000-31998",
      `snd_path ${folder}`,
    ];
    await writeFile(join(folder, "config"), `${settings.join("\n")}\n`);
    const who = account
      ? `<${account.address}>;auth_pass="${account.password}";regint=60`
      : `<sip:${user}@127.0.0.1:${sipPort}${isEncrypted ? ";transport=tls" : ""}>;regint=0${isEncrypted ? ";mediaenc=srtp-mand" : ""}`;
    await writeFile(join(folder, "accounts"), `${who};answermode=${answers ? "auto" : "manual"}\n`);
    await writeFile(join(folder, "contacts"), "");
    const orders = calls === undefined ? [] : ["-e", `d ${calls}`];
    const child = spawn(PROGRAM, ["-f", folder, ...orders], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, HOME: folder, TERM: "dumb" },
    });
    const phone = new Softphone(child, folder);
    await phone.until(/baresip is ready/);
    return phone;
  }

  /** Resolves once its words match; rejects when it ends before or 30 s have passed. */
  async until(pattern: RegExp): Promise<void> {
    const giveUpAt = performance.now() + 30_000;
    while (!pattern.test(this.#words)) {
      if (this.#child.exitCode !== null || performance.now() > giveUpAt)
        throw new Error(`the softphone said no ${pattern}:\n${this.#words.slice(-2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What it heard in its last call, 16 kHz. */
  async heard(): Promise<Samples> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith("-dec.wav")).toSorted();
    return toEngineRate(parseWav(await readFile(join(this.#folder, names.at(-1) ?? ""))));
  }

  /** Hangs up, and ends. Idempotent. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const killing = setTimeout(() => this.#child.kill("SIGKILL"), 3_000);
    await exited;
    clearTimeout(killing);
  }
}

/** To 8 kHz: good enough for speech that is there to be understood. */
function halve(samples: Samples): Samples {
  const half = new Int16Array(samples.length >> 1);
  for (let at = 0; at < half.length; at++) half[at] = ((samples[2 * at] ?? 0) + (samples[2 * at + 1] ?? 0)) >> 1;
  return half;
}
