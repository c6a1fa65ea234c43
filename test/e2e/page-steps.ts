import type { Page } from "playwright-core";
import type { RunningServer } from "./running-server.ts";

/** Opens the page so that it records, signs in where it asks for that, and calls an agent. */
export async function callAgent(page: Page, { server, name }: { server: RunningServer; name: string }): Promise<void> {
  await page.goto(`${server.url}/?record`);
  const key = page.getByLabel("API key");
  await key
    .or(page.getByRole("heading", { name: "Talk to an agent" }))
    .first()
    .waitFor();
  if (await key.isVisible()) {
    await key.fill(server.apiKey);
    await page.getByRole("button", { name: "Sign in" }).click();
  }
  await page
    .getByRole("button", { name: `Talk to ${name}` })
    .first()
    .click();
}

/** Waits until the page's microphone has run for `ms`: by the samples that the page recorded, not by a clock. */
export async function microphoneHasPlayed(page: Page, ms: number): Promise<void> {
  const hasPlayed = page.waitForFunction(
    (wantedMs) => {
      const recording = (
        globalThis as unknown as { earshotRecording?: { sampleRateHz: number; agent: Float32Array[] } }
      ).earshotRecording;
      if (recording === undefined) return false;
      const samples = recording.agent.reduce((sum, chunk) => sum + chunk.length, 0);
      return (samples * 1000) / recording.sampleRateHz >= wantedMs;
    },
    ms,
    { timeout: 90_000 },
  );
  const isOver = page.locator('.call:is([data-phase="ended"], [data-phase="failed"])').waitFor({ timeout: 90_000 });
  const isPlayed = await Promise.race([hasPlayed.then(() => true), isOver.then(() => false)]).catch(() => false);
  isOver.catch(() => undefined);
  hasPlayed.catch(() => undefined);
  if (!isPlayed) throw new Error(`the call did not last ${ms} ms:\n${await page.locator("body").textContent()}`);
}
