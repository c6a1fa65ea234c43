import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findDriver } from "./find-driver.ts";
import { prepareDriver } from "./prepare-driver.ts";

let folder = "";
const cacheBefore = process.env["XDG_CACHE_HOME"];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "earshot-driver-"));
  await mkdir(join(folder, "driver", "src", "adapters"), { recursive: true });
  await writeFile(join(folder, "driver", "src", "run.ts"), "");
  await writeFile(join(folder, "driver", "package.json"), "{}");
  process.env["XDG_CACHE_HOME"] = join(folder, "cache");
});
afterAll(async () => {
  if (cacheBefore === undefined) delete process.env["XDG_CACHE_HOME"];
  else process.env["XDG_CACHE_HOME"] = cacheBefore;
  await rm(folder, { recursive: true, force: true });
});

describe("the shared driver", () => {
  it("is the folder that was asked for, before the one that the environment names", async () => {
    const driver = join(folder, "driver");
    expect(await findDriver({ asked: driver, environment: "none" })).toEqual({ folder: driver });
    expect(await findDriver({ asked: undefined, environment: driver })).toEqual({ folder: driver });
    expect(await findDriver({ asked: "none", environment: driver })).toEqual({ reason: expect.any(String) });
  });

  it("must be there when it was asked for", async () => {
    const empty = join(folder, "cache");
    await expect(findDriver({ asked: empty, environment: undefined })).rejects.toThrow("it has no src/run.ts");
  });

  it("is copied with Earshot's adapter in it, to a place of its own for each state", async () => {
    const driver = join(folder, "driver");
    const copy = await prepareDriver(driver);
    const { default: engine } = (await import(join(copy, "src", "adapters", "earshot.ts"))) as {
      default: { name: string };
    };
    expect(engine.name).toBe("earshot");
    expect(await prepareDriver(driver)).toBe(copy);
    await writeFile(join(driver, "src", "run.ts"), "// changed");
    expect(await prepareDriver(driver)).not.toBe(copy);
  });
});
