/** Gives headings the anchors that GitHub gives them: one instance a page, asked in reading order. */
export class HeadingAnchors {
  readonly #given = new Set<string>();

  next(heading: string): string {
    const slug = heading
      .toLowerCase()
      .trim()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let anchor = slug;
    for (let again = 1; this.#given.has(anchor); again += 1) anchor = `${slug}-${again}`;
    this.#given.add(anchor);
    return anchor;
  }
}
