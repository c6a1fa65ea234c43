/** What requests and answers of our API look like for a resource that is kept whole. */
import { z } from "zod";
import { toOutputShape } from "../output-shape.ts";
import { toPatchShape } from "../patch-shape.ts";
import type { ResourceKind } from "./resource.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export type ResourceShapes = {
  readonly newShape: z.ZodType<JsonObject>;
  readonly patchShape: z.ZodType<JsonObject>;
  readonly shownShape: z.ZodType<Record<string, unknown>>;
};

/** What clients of each dialect sent, verbatim, by dialect: part of every kind, never shown by our own API. */
export const sentShape = z.record(z.string(), z.record(z.string(), z.unknown())).default({});

/**
 * @param options `name`: of the component; `runtime`: settings that change by themselves, and can't be sent; `hidden`:
 *   never shown, never sent; `input`: sent but not shown; `output`: shown but not sent
 */
export function resourceShapes<Shape extends z.ZodObject>(
  kind: ResourceKind<Shape>,
  options: {
    readonly name: string;
    readonly description: string;
    readonly runtime?: readonly string[];
    readonly hidden?: readonly string[];
    readonly input?: Readonly<Record<string, z.ZodType>>;
    readonly output?: Readonly<Record<string, z.ZodType>>;
  },
): ResourceShapes {
  const { name, description, runtime = [], hidden = [], input = {}, output = {} } = options;
  const fields = without(kind.shape.shape, ["sent", ...hidden]);
  const sendable = { ...without(fields, runtime), ...input };
  const shown = {
    id: z.string(),
    ...without(fields, Object.keys(input)),
    ...output,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  };
  return {
    newShape: z.strictObject(sendable).meta({ id: `New${name}` }),
    patchShape: toWholePatch(sendable, kind.whole ?? []).meta({ id: `${name}Patch` }),
    shownShape: toOutputShape(z.object(shown)).meta({ id: name, description }) as ResourceShapes["shownShape"],
  };
}

type Fields = Readonly<Record<string, z.ZodType>>;

function without(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))) as Fields;
}

/** As `toPatchShape`, but objects of these names are sent whole or not at all. */
function toWholePatch(fields: Fields, whole: readonly string[]): z.ZodType<JsonObject> {
  const merged = toPatchShape(z.strictObject(without(fields, whole))) as unknown as z.ZodObject;
  const replaced = whole.flatMap((name) => {
    const field = fields[name];
    return field === undefined ? [] : [[name, toWholeField(field)] as const];
  });
  return z.strictObject({ ...merged.shape, ...Object.fromEntries(replaced) });
}

function toWholeField(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodDefault || field instanceof z.ZodPrefault || field instanceof z.ZodOptional)
    return (field.unwrap() as z.ZodType).nullable().optional();
  return field.optional();
}
