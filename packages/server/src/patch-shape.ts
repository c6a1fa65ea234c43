import { z } from "zod";

/** What a change of `Settings` looks like: everything may be absent, inner objects too; null resets to the default. */
export type PatchOf<Settings> = {
  [Name in keyof Settings]?:
    | (IsPlain<NonNullable<Settings[Name]>> extends true
        ? PatchOf<NonNullable<Settings[Name]>>
        : NonNullable<Settings[Name]>)
    | null
    | undefined;
};

type IsUnion<Type, Each = Type> = Each extends unknown ? ([Type] extends [Each] ? false : true) : never;
type IsPlain<Type> = Type extends readonly unknown[]
  ? false
  : true extends IsUnion<Type>
    ? false
    : Type extends Readonly<Record<string, unknown>>
      ? string extends keyof Type
        ? false
        : true
      : false;

/**
 * The shape of a JSON Merge Patch (RFC 7396) of a shape of settings: no defaults, nothing required, null resets what has
 * a default or may be absent. Lists, records and unions are replaced as a whole.
 */
export function toPatchShape<Shape extends z.ZodObject>(shape: Shape): z.ZodType<PatchOf<z.input<Shape>>> {
  return patchObject(shape) as unknown as z.ZodType<PatchOf<z.input<Shape>>>;
}

function patchObject(shape: z.ZodObject): z.ZodObject {
  const fields = Object.entries<z.ZodType>(shape.shape).map(([name, field]) => [name, patchField(field)]);
  return z.strictObject(Object.fromEntries(fields));
}

function patchField(field: z.ZodType): z.ZodType {
  const { inner, isResettable } = unwrap(field);
  const changed = inner instanceof z.ZodObject ? patchObject(inner) : inner;
  const described = field.description === undefined ? changed : changed.describe(field.description);
  return (isResettable ? described.nullable() : described).optional();
}

function unwrap(field: z.ZodType): { inner: z.ZodType; isResettable: boolean } {
  if (
    field instanceof z.ZodDefault ||
    field instanceof z.ZodPrefault ||
    field instanceof z.ZodOptional ||
    field instanceof z.ZodNullable
  )
    return { inner: unwrap(field.unwrap() as z.ZodType).inner, isResettable: true };
  return { inner: field, isResettable: false };
}
