import { AppError } from "../app-error.ts";
import { htmlToText } from "./html-to-text.ts";
import { MAX_DOCUMENT_CHARS } from "./knowledge-document.ts";

/** Of a file or a page. */
export const MAX_CONTENT_BYTES = 4_000_000;
export const CONTENT_TYPES = ["text/plain", "text/markdown", "text/html", "application/xhtml+xml"];

/**
 * The text of a file or a page. `title`: "" where it says none.
 * @throws AppError `unsupported_media_type`; `invalid_request` for what is no UTF-8, empty or too long
 */
export function readContent(bytes: Uint8Array, mediaType: string): { readonly title: string; readonly text: string } {
  const type = (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
  if (!CONTENT_TYPES.includes(type))
    throw new AppError("unsupported_media_type", `it is ${type || "of no type"}: text, Markdown and HTML can be read`);
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(mediaType)?.[1] ?? "utf-8";
  const content = decode(bytes, charset)?.replaceAll("\0", "");
  if (content === undefined) throw new AppError("invalid_request", `it is not text in ${charset}`);
  const read = type.includes("html") ? htmlToText(content) : { title: "", text: content };
  const text = read.text.trim();
  if (text === "") throw new AppError("invalid_request", "it holds no text");
  if (text.length > MAX_DOCUMENT_CHARS)
    throw new AppError(
      "invalid_request",
      `its text is longer than ${MAX_DOCUMENT_CHARS.toLocaleString("en")} characters`,
    );
  return { title: read.title, text };
}

/** Undefined where it is no such text, or nobody knows the charset. */
function decode(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
