import { AppError, invalidField } from "../../app-error.ts";

type FieldError = { readonly path: string; readonly message: string };

/**
 * What a verb of ours says of a field, said of Wordcab's.
 * @param names ours, and what Wordcab calls them
 */
export function renameFields(error: unknown, names: Readonly<Record<string, string>>): unknown {
  if (!(error instanceof AppError) || error.code !== "invalid_request") return error;
  const { errors } = error.details;
  const [first] = Array.isArray(errors) ? (errors as FieldError[]) : [];
  const path = names[first?.path ?? ""];
  return first === undefined || path === undefined ? error : invalidField(path, first.message, error);
}
