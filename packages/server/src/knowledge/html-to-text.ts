import { Parser } from "htmlparser2";

/** What nobody reads aloud: code, forms, and what stands on every page of a site. */
const SKIPPED = new Set(
  "script style noscript template svg math canvas iframe object form button select textarea nav footer aside head".split(
    " ",
  ),
);
const BREAKING = new Set(
  "p div section article main header ul ol li dl dt dd table tr br hr blockquote pre figure figcaption address".split(
    " ",
  ),
);

/** A page as text: headings as in Markdown, a line a paragraph. `title`: "" where it has none. */
export function htmlToText(html: string): { readonly title: string; readonly text: string } {
  const parts: string[] = [];
  let skipped = 0;
  let title = "";
  let isTitle = false;
  const parser = new Parser({
    onopentag(name) {
      if (name === "title" && title === "") isTitle = true;
      if (SKIPPED.has(name)) skipped++;
      else if (/^h[1-6]$/.test(name)) parts.push("\n", "#".repeat(Number(name[1])), " ");
      else if (BREAKING.has(name)) parts.push("\n");
      else if (name === "td" || name === "th") parts.push(" ");
    },
    ontext(text) {
      if (isTitle) title += text;
      else if (skipped === 0) parts.push(text.replaceAll(/\s+/g, " "));
    },
    onclosetag(name) {
      if (name === "title") isTitle = false;
      if (SKIPPED.has(name)) skipped = Math.max(0, skipped - 1);
      else if (BREAKING.has(name) || /^h[1-6]$/.test(name)) parts.push("\n");
    },
  });
  parser.write(html);
  parser.end();
  const lines = parts
    .join("")
    .split("\n")
    .map((line) => line.replaceAll(/[ \t\u00a0]+/g, " ").trim());
  const text = lines.filter((line) => line !== "" && !/^#+$/.test(line)).join("\n");
  return { title: title.replaceAll(/\s+/g, " ").trim().slice(0, 200), text };
}
