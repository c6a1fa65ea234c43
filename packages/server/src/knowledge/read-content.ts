import { AppError } from "../app-error.ts";
import type { WallClock } from "../wall-clock.ts";
import { htmlToText } from "./html-to-text.ts";
import { MAX_DOCUMENT_CHARS } from "./knowledge-document.ts";
import { type OfficeFile, type OfficeKind, readOfficeFile } from "./read-office-file.ts";

/** Of a file or a page. */
export const MAX_CONTENT_BYTES = 4_000_000;
const TEXT_TYPES = ["text/plain", "text/markdown", "text/html", "application/xhtml+xml"];
const OFFICE_TYPES: Readonly<Record<string, OfficeKind>> = {
  "application/pdf": "pdf",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
};
export const CONTENT_TYPES = [...TEXT_TYPES, ...Object.keys(OFFICE_TYPES)];

type Content = { readonly title: string; readonly text: string };

/**
 * The text of a file or a page. `title`: "" where it says none.
 * @throws AppError `unsupported_media_type`; `invalid_request` for what can't be read, is empty or too long
 */
export async function readContent(bytes: Uint8Array, mediaType: string, clock: WallClock): Promise<Content> {
  const type = (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase();
  const kind = OFFICE_TYPES[type];
  const read = kind === undefined ? readText(bytes, type, mediaType) : await readOffice({ bytes, kind }, clock);
  const text = read.text.replaceAll("\0", "").trim();
  if (text === "") throw new AppError("invalid_request", kind === "pdf" ? SCANNED : "it holds no text");
  if (text.length > MAX_DOCUMENT_CHARS)
    throw new AppError(
      "invalid_request",
      `its text is longer than ${MAX_DOCUMENT_CHARS.toLocaleString("en")} characters`,
    );
  return { title: read.title, text };
}

const SCANNED = "it holds no text: pages that are pictures, as scanners make them, can't be read";

function readText(bytes: Uint8Array, type: string, mediaType: string): Content {
  if (!TEXT_TYPES.includes(type))
    throw new AppError(
      "unsupported_media_type",
      `it is ${type || "of no type"}: text, Markdown, HTML, PDF and Word (.docx) can be read`,
    );
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(mediaType)?.[1] ?? "utf-8";
  const content = decode(bytes, charset);
  if (content === undefined) throw new AppError("invalid_request", `it is not text in ${charset}`);
  return type.includes("html") ? htmlToText(content) : { title: "", text: content };
}

async function readOffice(file: OfficeFile, clock: WallClock): Promise<Content> {
  const content = await readOfficeFile(file, clock);
  return "html" in content ? htmlToText(content.html) : content;
}

/** Undefined where it is no such text, or nobody knows the charset. */
function decode(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
