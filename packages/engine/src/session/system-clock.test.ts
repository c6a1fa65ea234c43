import { expect, it } from "vitest";
import { SystemClock } from "./system-clock.ts";

it("runs listeners of one period together, and none after it was cancelled", async () => {
  const clock = new SystemClock();
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    const stopA = clock.every(5, () => order.push("a"));
    const stopB = clock.every(5, () => {
      order.push("b");
      if (order.length < 4) return;
      stopA();
      stopB();
      resolve();
    });
  });
  expect(order.slice(0, 4)).toEqual(["a", "b", "a", "b"]);
});

it("does not run what was cancelled", async () => {
  const clock = new SystemClock();
  const ran: string[] = [];
  clock.after(0, () => ran.push("now"))();
  clock.after(1, () => ran.push("soon"))();
  await new Promise<void>((resolve) => clock.after(5, resolve));
  expect(ran).toEqual([]);
});
