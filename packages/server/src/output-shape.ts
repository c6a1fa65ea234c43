import { z } from "zod";

/**
 * What a shape of input looks like once its defaults are filled in: the same, but no field with a default may be
 * absent. For describing answers.
 */
export function toOutputShape<Shape extends z.ZodType>(shape: Shape): z.ZodType<z.output<Shape>, z.output<Shape>> {
  return strip(shape) as z.ZodType<z.output<Shape>, z.output<Shape>>;
}

function strip(shape: z.ZodType): z.ZodType {
  if (shape instanceof z.ZodDefault || shape instanceof z.ZodPrefault) {
    const inner = strip(shape.unwrap() as z.ZodType);
    const { description } = shape;
    return description === undefined || inner.description !== undefined ? inner : inner.describe(description);
  }
  if (shape instanceof z.ZodOptional) return strip(shape.unwrap() as z.ZodType).optional();
  if (shape instanceof z.ZodArray) return keepMeta(shape, z.array(strip(shape.element as z.ZodType)));
  if (shape instanceof z.ZodUnion)
    return keepMeta(shape, z.union(shape.options.map((option) => strip(option as z.ZodType))));
  if (!(shape instanceof z.ZodObject)) return shape;
  const fields = Object.entries<z.ZodType>(shape.shape);
  if (fields.every(([, field]) => strip(field) === field)) return shape;
  return keepMeta(shape, z.object(Object.fromEntries(fields.map(([name, field]) => [name, strip(field)]))));
}

/** Everything but the id: the original keeps that. */
function keepMeta<Shape extends z.ZodType>(from: z.ZodType, to: Shape): Shape {
  const { id: _, ...meta } = from.meta() ?? {};
  return Object.keys(meta).length === 0 ? to : (to.meta(meta) as Shape);
}
