/** linphonec, a softphone of another make, as a process: it plays a WAV to whoever it talks to, and records them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ENGINE_RATE_HZ, encodeWav, parseWav, type Samples, toEngineRate } from "@earshot/engine";

const PROGRAM = "/usr/bin/linphonec";

/** Why tests with it can't run here, or undefined when they can. */
export function whyNoLinphone(): string | undefined {
  if (existsSync(PROGRAM)) return undefined;
  const reason = "linphonec is not installed (Debian package linphone-cli)";
  if (process.env["EARSHOT_TEST_REQUIRE_ALL"] === "1")
    throw new Error(`EARSHOT_TEST_REQUIRE_ALL is set, but ${reason}`);
  return reason;
}

export class Linphone {
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

  /** It picks up at once, and says `says` (16 kHz) from the moment of each answer. */
  static async start(options: {
    readonly folder: string;
    readonly sipPort: number;
    readonly says: Samples;
  }): Promise<Linphone> {
    const { folder, sipPort, says } = options;
    await mkdir(join(folder, ".local/share/linphone"), { recursive: true });
    const wav = join(folder, "says.wav");
    await writeFile(wav, encodeWav({ samples: says, sampleRateHz: ENGINE_RATE_HZ }));
    const rc = [
      "[sip]",
      `sip_port=${sipPort}`,
      "sip_tcp_port=0",
      "sip_tls_port=0",
      "[rtp]",
      "audio_rtp_port=32000-32100",
    ];
    await writeFile(join(folder, "rc"), `${rc.join("\n")}\n`);
    const child = spawn(PROGRAM, ["-c", join(folder, "rc"), "-a"], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, HOME: folder, TERM: "dumb" },
    });
    const phone = new Linphone(child, folder);
    await phone.until(/linphonec>/);
    // The server under test listens on an IPv4 address.
    phone.#order("ipv6 disable", "soundcard use files", `record ${join(folder, "heard.wav")}`, `play ${wav}`);
    return phone;
  }

  call(uri: string): void {
    this.#order(`call ${uri}`);
  }

  hangUp(): void {
    this.#order("terminate");
  }

  /** Asks whoever it talks to, to talk to somebody else. */
  transfer(uri: string): void {
    this.#order(`transfer ${uri}`);
  }

  async until(pattern: RegExp): Promise<void> {
    const giveUpAt = performance.now() + 20_000;
    while (!pattern.test(this.#words)) {
      if (this.#child.exitCode !== null || performance.now() > giveUpAt)
        throw new Error(`linphonec said no ${pattern}:\n${this.#words.slice(-2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What it heard, 16 kHz. */
  async heard(): Promise<Samples> {
    return toEngineRate(parseWav(await readFile(join(this.#folder, "heard.wav"))));
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#order("quit");
    const killing = setTimeout(() => this.#child.kill("SIGKILL"), 3_000);
    await exited;
    clearTimeout(killing);
  }

  #order(...orders: readonly string[]): void {
    for (const order of orders) this.#child.stdin?.write(`${order}\n`);
  }
}
