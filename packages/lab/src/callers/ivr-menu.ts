/** A switchboard that the agent has called: it reads a menu, waits for a key, and leads on. Pure. */
import type { CallerOrder, CallerStep } from "./caller-step.ts";
import { act, type Course } from "./course.ts";

export type MenuState = {
  readonly name: string;
  readonly isPrompting: boolean;
  readonly prompts: number;
  readonly promptOverAtMs: number;
};

type MenuStep = {
  readonly course: Course;
  readonly menu: MenuState | undefined;
  readonly orders: readonly CallerOrder[];
  readonly outcome: "on" | "connected" | "hang-up" | "lost";
};

const PICK_UP_MS = 600;
/** Without a key the menu is read again. */
const KEY_WITHIN_MS = 8000;
const MAX_PROMPTS = 3;

export function stepMenu(now: {
  readonly course: Course;
  readonly menu: MenuState | undefined;
  readonly step: CallerStep & { readonly kind: "menu" };
  readonly isCallerSpeaking: boolean;
}): MenuStep {
  const { course, menu, step, isCallerSpeaking } = now;
  const { nowMs, digits } = course.hearing;
  if (menu === undefined)
    return nowMs < PICK_UP_MS ? { course, menu, orders: [], outcome: "on" } : prompt(course, step, step.begin, 1);
  const [key] = digits;
  if (key !== undefined) return follow({ ...now, menu, key });
  if (menu.isPrompting) {
    const over = isCallerSpeaking ? menu : { ...menu, isPrompting: false, promptOverAtMs: nowMs };
    return { course, menu: over, orders: [], outcome: "on" };
  }
  if (nowMs - menu.promptOverAtMs < KEY_WITHIN_MS) return { course, menu, orders: [], outcome: "on" };
  if (menu.prompts >= MAX_PROMPTS) return { course, menu, orders: [], outcome: "lost" };
  return prompt(course, step, menu.name, menu.prompts + 1);
}

function follow(now: Parameters<typeof stepMenu>[0] & { readonly menu: MenuState; readonly key: string }): MenuStep {
  const { menu, step, key } = now;
  const { hearing } = now.course;
  const course = { ...now.course, hearing: { ...hearing, digits: hearing.digits.slice(1) } };
  const hush: readonly CallerOrder[] = menu.isPrompting ? [{ type: "hush" }] : [];
  const target = step.menus[menu.name]?.keys[key];
  if (target === "connect") return { course: { ...course, hasSpoken: true }, menu, orders: hush, outcome: "connected" };
  if (target === "hang-up") return { course, menu, orders: hush, outcome: "hang-up" };
  if (target === undefined && menu.prompts >= MAX_PROMPTS) return { course, menu, orders: hush, outcome: "lost" };
  const led = prompt(course, step, target ?? menu.name, target === undefined ? menu.prompts + 1 : 1);
  return { ...led, orders: [...hush, ...led.orders] };
}

function prompt(course: Course, step: CallerStep & { kind: "menu" }, name: string, prompts: number): MenuStep {
  const text = step.menus[name]?.prompt ?? "";
  const acted = act(course, { did: "menu", what: name }, { wantsAnswer: false });
  return {
    course: acted,
    menu: { name, isPrompting: true, prompts, promptOverAtMs: acted.hearing.nowMs },
    orders: [{ type: "say", text }],
    outcome: "on",
  };
}
