import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const isCi = process.env["CI"] !== undefined;

export default defineConfig({
  test: {
    reporters: isCi ? ["default", "json"] : ["default"],
    outputFile: { json: "test-results/vitest.json" },
    projects: [
      {
        test: {
          name: "unit",
          testTimeout: 20_000,
          expect: { poll: { timeout: 10_000 } },
          // What files import they share: no test changes a module.
          isolate: false,
          // Even on two cores: many files wait for a process of their own.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          include: ["packages/*/src/**/*.test.{ts,tsx}", "packages/*/test/**/*.test.ts", "scripts/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: "test/e2e/start-shared-server.ts",
          // After the others, and one file at a time: a spoken call at real pace needs the machine for itself.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
