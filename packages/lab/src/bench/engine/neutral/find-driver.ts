import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const BESIDE_THE_CHECKOUT = fileURLToPath(new URL("../../../../../../../shared/bench", import.meta.url));

export type DriverSearch = {
  /** `--driver`: a folder, or "none". */
  readonly asked: string | undefined;
  /** `EARSHOT_BENCH_DRIVER`: the same. */
  readonly environment: string | undefined;
};

/**
 * The folder of the shared driver, or why there is none. Without being asked for one it is `../shared/bench` beside the
 * checkout.
 * @throws Error when the folder that was asked for holds no driver
 */
export async function findDriver({
  asked,
  environment,
}: DriverSearch): Promise<{ folder: string } | { reason: string }> {
  const wanted = asked ?? (environment === "" ? undefined : environment);
  if (wanted === "none") return { reason: "The shared driver was not wanted." };
  const folder = wanted === undefined ? BESIDE_THE_CHECKOUT : resolve(wanted);
  const hasDriver = await access(join(folder, "src", "run.ts")).then(
    () => true,
    () => false,
  );
  if (hasDriver) return { folder };
  if (wanted !== undefined) throw new Error(`There is no benchmark driver in ${folder}: it has no src/run.ts.`);
  return {
    reason:
      "There is no shared driver in ../shared/bench beside the checkout: name its folder with --driver DIR or " +
      "EARSHOT_BENCH_DRIVER to measure Earshot beside its peer.",
  };
}
