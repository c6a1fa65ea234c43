import { Document, HeadingLevel, Packer, Paragraph } from "docx";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { expect, test } from "vitest";
import { systemWallClock } from "../wall-clock.ts";
import { readContent } from "./read-content.ts";
import { readOfficeFile } from "./read-office-file.ts";

const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

test("reads the pages and the title of a PDF", async () => {
  const bytes = await makePdf(["Soup is four euros.", "We are closed on Mondays."]);
  const { title, text } = await read(bytes, "application/pdf");
  expect(title).toBe("House rules");
  expect(text).toBe("Soup is four euros.\n\nWe are closed on Mondays.");
});

test("reads headings and paragraphs of a Word file", async () => {
  const children = [
    new Paragraph({ text: "Lunch", heading: HeadingLevel.HEADING_1 }),
    new Paragraph("Soup is 4 euros."),
  ];
  const bytes = await Packer.toBuffer(new Document({ sections: [{ children }] }));
  expect((await read(bytes, DOCX)).text).toBe("# Lunch\nSoup is 4 euros.");
});

test("says what is wrong with a file that can't be read", async () => {
  const junk = Buffer.from("%PDF-1.7 and then nothing of the kind");
  await expect(read(junk, "application/pdf")).rejects.toMatchObject({ code: "invalid_request" });
  await expect(read(junk, DOCX)).rejects.toThrow("no Word file that can be read");
  await expect(read(await makePdf([""]), "application/pdf")).rejects.toThrow("scanners");
});

test("stops reading what takes more memory than a document may", async () => {
  const file = { bytes: await makePdf(["A page."]), kind: "pdf" } as const;
  await expect(readOfficeFile(file, systemWallClock, { memoryLimitBytes: 1_000 })).rejects.toThrow("more memory");
});

function read(bytes: Uint8Array, mediaType: string) {
  return readContent(bytes, mediaType, systemWallClock);
}

async function makePdf(pages: readonly string[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.setTitle("House rules");
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const text of pages) pdf.addPage().drawText(text, { x: 40, y: 700, size: 12, font });
  return pdf.save();
}
