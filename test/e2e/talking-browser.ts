import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENGINE_RATE_HZ, encodeWav } from "@earshot/engine";
import { type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

/** Why there can be no browser test here; undefined when there can. Where every test is required, a reason is an error. */
export function reasonToSkip(): string | undefined {
  if (existsSync(CHROMIUM)) return undefined;
  const reason = `Chromium is not installed (${CHROMIUM}): install it with \`apt-get install chromium\` or set CHROMIUM_PATH`;
  if (process.env["EARSHOT_TEST_REQUIRE_ALL"] === "1") throw new Error(`${reason}; EARSHOT_TEST_REQUIRE_ALL=1 is set`);
  process.stderr.write(`\n!!! SKIPPED: a browser test. ${reason}\n\n`);
  return reason;
}

/** A browser whose microphone plays a recording once, from the moment a page asks for it. */
export type TalkingBrowser = { readonly page: Page; readonly complaints: readonly string[]; close(): Promise<void> };

/** `isMicrophoneAllowed` false: the browser refuses the microphone, as a person could. `args`: more of the browser's own. */
export async function openTalkingBrowser(
  microphone: Int16Array,
  { isMicrophoneAllowed = true, args = [] }: { isMicrophoneAllowed?: boolean; args?: readonly string[] } = {},
): Promise<TalkingBrowser> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-browser-"));
  const microphonePath = join(folder, "microphone.wav");
  await writeFile(microphonePath, encodeWav({ samples: microphone, sampleRateHz: ENGINE_RATE_HZ }));
  const context = await launch(join(folder, "profile"), [
    `--use-file-for-fake-audio-capture=${microphonePath}%noloop`,
    isMicrophoneAllowed ? "--use-fake-ui-for-media-stream" : "--deny-permission-prompts",
    ...args,
  ]);
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const close = async () => {
    await context.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  return { page, complaints, close };
}

function launch(profile: string, microphone: readonly string[]): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    ignoreDefaultArgs: ["--mute-audio"],
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--use-fake-device-for-media-stream",
      ...microphone,
    ],
  });
}

/** What the page's microphone heard and its loudspeaker played, sample by sample side by side. */
export type PageSound = { readonly microphone: Int16Array; readonly agent: Int16Array; readonly sampleRateHz: number };

/** Works on a page that was opened with `?record`. */
export async function readPageSound(page: Page): Promise<PageSound> {
  const { sampleRateHz, ...tracks } = await page.evaluate(() => {
    const recording = (
      globalThis as unknown as {
        earshotRecording: { sampleRateHz: number; microphone: Float32Array[]; agent: Float32Array[] };
      }
    ).earshotRecording;
    const toText = (chunks: Float32Array[]) => {
      let text = "";
      for (const chunk of chunks) {
        const pcm = Int16Array.from(chunk, (value) => Math.max(-1, Math.min(1, value)) * 32_767);
        for (const byte of new Uint8Array(pcm.buffer)) text += String.fromCharCode(byte);
      }
      return btoa(text);
    };
    const { microphone, agent } = recording;
    return { sampleRateHz: recording.sampleRateHz, microphone: toText(microphone), agent: toText(agent) };
  });
  return { sampleRateHz, microphone: fromText(tracks.microphone), agent: fromText(tracks.agent) };
}

function fromText(text: string): Int16Array {
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  return new Int16Array(bytes.buffer);
}
