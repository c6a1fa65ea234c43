import { expect, test } from "vitest";
import { type Subscription, TopicBus } from "./topic-bus.ts";

test("brings each subscriber of a topic every message, in order", async () => {
  const bus = new TopicBus<number>();
  const [first, second, other] = [bus.subscribe("a"), bus.subscribe("a"), bus.subscribe("b")];
  bus.publish("a", 1);
  bus.publish("a", 2);
  bus.close();
  expect(await all(first)).toEqual([1, 2]);
  expect(await all(second)).toEqual([1, 2]);
  expect(await all(other)).toEqual([]);
});

test("wakes a subscriber that waits", async () => {
  const bus = new TopicBus<number>();
  const reading = all(bus.subscribe("a"));
  await Promise.resolve();
  bus.publish("a", 1);
  await Promise.resolve();
  bus.publish("a", 2);
  bus.close();
  expect(await reading).toEqual([1, 2]);
});

test("tells a subscriber that fell behind, and keeps no more than the queue holds", async () => {
  const bus = new TopicBus<number>({ queueLength: 3 });
  const slow = bus.subscribe("a");
  for (let n = 1; n <= 4; n++) bus.publish("a", n);
  bus.close();
  expect(await all(slow)).toEqual(["missed", 4]);
});

test("forgets a subscriber that went away", async () => {
  const bus = new TopicBus<number>();
  const gone = bus.subscribe("a");
  gone.close();
  gone.close();
  bus.publish("a", 1);
  expect(await all(gone)).toEqual([]);
});

async function all(subscription: Subscription<number>): Promise<(number | "missed")[]> {
  const heard: (number | "missed")[] = [];
  for await (const news of subscription) heard.push(news.type === "missed" ? "missed" : news.message);
  return heard;
}
