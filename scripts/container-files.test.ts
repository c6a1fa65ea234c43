import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = resolve(import.meta.dirname, "..");
const read = (name: string) => readFileSync(join(root, name), "utf8");

/** Instructions with their continued lines joined. */
const instructions = read("Dockerfile")
  .replace(/^#.*\n/gm, "")
  .replace(/\\\n/g, " ")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => ({ name: line.split(" ")[0], value: line.slice(line.indexOf(" ") + 1) }));
const valuesOf = (name: string) => instructions.filter((each) => each.name === name).map(({ value }) => value);
const pinnedNode = z.object({ devDependencies: z.object({ node: z.string() }) }).parse(JSON.parse(read("package.json")))
  .devDependencies.node;

const composeShape = z.strictObject({
  services: z.record(
    z.string(),
    z.strictObject({
      build: z.string().optional(),
      image: z.string().optional(),
      profiles: z.array(z.string()).optional(),
      restart: z.literal("unless-stopped"),
      stop_grace_period: z.string().optional(),
      ports: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()),
      volumes: z.array(z.string()),
      healthcheck: z.strictObject({ test: z.array(z.string()), interval: z.string(), retries: z.number() }).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
});
const compose = composeShape.parse(parse(read("compose.yaml")));

describe("the Dockerfile", () => {
  it("knows every instruction it uses", () => {
    const known = "FROM WORKDIR ENV COPY RUN USER VOLUME EXPOSE HEALTHCHECK CMD".split(" ");
    expect(instructions.filter(({ name = "" }) => !known.includes(name))).toEqual([]);
  });

  it("builds and runs on the Node that package.json pins", () => {
    expect(valuesOf("FROM")).toEqual([`node:${pinnedNode}-bookworm-slim AS build`, `node:${pinnedNode}-bookworm-slim`]);
  });

  it("runs as a user who may write the data folder only", () => {
    expect(valuesOf("USER")).toEqual(["node"]);
    expect(valuesOf("VOLUME")).toEqual(["/data"]);
    expect(valuesOf("ENV").join(" ")).toContain("EARSHOT_DATA_DIR=/data");
  });

  it("starts a file that exists and asks for its health on the port it serves", () => {
    const command = z.array(z.string()).parse(JSON.parse(valuesOf("CMD")[0] ?? ""));
    const script = command.find((word) => word.endsWith(".mjs")) ?? "";
    expect(script !== "" && existsSync(join(root, script))).toBe(true);
    expect(valuesOf("HEALTHCHECK")[0]).toContain("/health");
    expect(valuesOf("ENV").join(" ")).toContain(`PORT=${valuesOf("EXPOSE")[0]} `);
  });
});

describe("compose.yaml", () => {
  it("names each image with its version", () => {
    for (const { build, image } of Object.values(compose.services)) {
      expect(build ?? image).toMatch(/^\.$|^[a-z]+:\d+\.\d+/);
    }
  });

  it("declares every named volume that it mounts", () => {
    const mounted = Object.values(compose.services).flatMap(({ volumes }) => volumes.map((each) => each.split(":")[0]));
    expect(mounted.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it("keeps data where the Dockerfile has its volume, and is reached from this machine only", () => {
    expect(compose.services["earshot"]?.volumes).toEqual(["earshot-data:/data"]);
    expect(compose.services["earshot"]?.ports).toEqual(["127.0.0.1:8080:8080"]);
  });

  it("starts Postgres only when asked", () => {
    expect(compose.services["postgres"]?.profiles).toEqual(["postgres"]);
  });
});
