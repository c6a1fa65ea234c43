import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinSpoken, joinWritten, toSpeakable } from "./speakable.ts";

function say(text: string, language = "en-US"): string {
  return joinSpoken(toSpeakable(text, { language }));
}

function write(text: string): string {
  return joinWritten(toSpeakable(text, { language: "en-US" }));
}

describe("what the voice gets, in English", () => {
  it.each([
    ["It costs $3.50.", "It costs three dollars and fifty cents."],
    ["$1.2M or $20/month", "one point two million dollars or twenty dollars per month"],
    [
      "€1,234.56, ¥500, 50¢ and 20 CAD",
      "one thousand two hundred thirty-four euros and fifty-six cents, five hundred yen, fifty cents and twenty Canadian dollars",
    ],
    ["-$5", "minus five dollars"],
    ["Open 9am-5pm", "Open nine A M to five P M"],
    ["at 3:05 p.m.", "at three oh five P M."],
    ["from 10:00 to 17:30", "from ten o'clock to five thirty P M"],
    ["On Nov. 22, 2026", "On November twenty-second, twenty twenty-six"],
    [
      "on 11/22/2026 or 2026-11-22",
      "on November twenty-second, twenty twenty-six or November twenty-second, twenty twenty-six",
    ],
    ["the 22nd of November", "the twenty-second of November"],
    ["It may 5 times", "It may five times"],
    ["in 1984, the 1990s", "in nineteen eighty-four, the nineteen nineties"],
    ["1984 people", "one thousand nine hundred eighty-four people"],
    ["24/7, 1/2 and 2 1/2", "twenty-four seven, one half and two and a half"],
    ["4.5/5 stars", "four point five out of five stars"],
    ["Call (212) 555-0100.", "Call two one two, five five five, zero one zero zero."],
    ["+14155550100", "plus one, four one five, five five five, zero one zero zero"],
    ["Go to https://www.earshot.dev/docs?x=1.", "Go to earshot dot dev slash docs."],
    ["info_1@earshot.dev", "info underscore one at earshot dot dev"],
    ["code AB12, COVID-19", "code A B one two, COVID nineteen"],
    ["Order number 123456", "Order number one two three four five six"],
    [
      "-5°C, 20% and 3.14 km/h",
      "minus five degrees Celsius, twenty percent and three point one four kilometers per hour",
    ],
    ["Dr. Smith, 12 Main St.", "Doctor Smith, twelve Main Street."],
    ["St. Paul, e.g. Mr. Lee", "Saint Paul, for example Mister Lee"],
    ["World War II and Henry VIII", "World War two and Henry the eighth"],
    ["#5 & #summer", "number five and hashtag summer"],
    ["10-20 people, the 2nd", "ten to twenty people, the second"],
    ["1,234,567.5", "one million two hundred thirty-four thousand five hundred sixty-seven point five"],
    ["007", "zero zero seven"],
  ])("says %s", (written, spoken) => {
    expect(say(written)).toBe(spoken);
  });
});

describe("what the voice gets, in other languages", () => {
  it.each([
    [
      "de-DE",
      "Am 22.11.2026 um 15:30 Uhr für 3,50 €",
      "Am zweiundzwanzigsten November zweitausendsechsundzwanzig um fünfzehn Uhr dreißig für drei Euro fünfzig",
    ],
    ["de", "z.B. 20 % von 1,5 Mio. €", "zum Beispiel zwanzig Prozent von eins Komma fünf Millionen Euro"],
    [
      "fr-FR",
      "3,50 € à 15h30 le 1er mai, soit 20 %",
      "trois euros cinquante à quinze heures trente le premier mai, soit vingt pour cent",
    ],
    ["fr", "01 23 45 67 89", "zéro un, vingt-trois, quarante-cinq, soixante-sept, quatre-vingt-neuf"],
    ["es-ES", "3,50 € a las 15:30, 1.000 kg", "tres euros con cincuenta a las quince treinta, mil kilogramos"],
    ["es-MX", "$3.50", "tres pesos con cincuenta"],
    ["it-IT", "3,50 € alle 15:30, 1 kg", "tre euro e cinquanta alle quindici e trenta, un chilogrammo"],
    ["pt-BR", "R$ 3,50 e 16%", "três reais e cinquenta centavos e dezesseis por cento"],
    ["nl-NL", "€ 3,50 om 15.30 uur", "drie euro vijftig om vijftien uur dertig"],
    ["ja-JP", "**3個**で500円です。", "3個で500円です。"],
    ["multi", "It costs $3.50.", "It costs $3.50."],
  ])("%s: %s", (language, written, spoken) => {
    expect(say(written, language)).toBe(spoken);
  });
});

describe("what the history keeps", () => {
  it.each([
    ["**Bold**, *italic*, `code`, ~~gone~~", "Bold, italic, code, gone"],
    ["See [our site](https://earshot.dev/x) ![logo](a.png)", "See our site logo"],
    ["## Heading", "Heading"],
    ["- [x] done", "done"],
    ["> quoted", "quoted"],
    ["| a | b |\n|---|---|\n| c | d |", "a, b c, d"],
    ["Sure! 👍🏽 🇩🇪 1️⃣", "Sure! 1"],
    ["<b>Hi</b> &amp; bye<br>now", "Hi & bye now"],
    ["1. First", "1. First"],
    ["a_b 2 * 3 = 6 < 7", "a_b 2 * 3 = 6 < 7"],
    ["As said [1][^2]", "As said"],
    ['Well [laughs] *sighs* <break time="1s"/> fine', "Well fine"],
  ])("of %s", (sentence, written) => {
    expect(write(sentence)).toBe(written);
  });

  it("maps what is said onto the words that were written", () => {
    expect(toSpeakable("Pay $3.50, please", { language: "en" })).toEqual([
      { written: "Pay", spoken: "Pay" },
      { written: "$3.50,", spoken: "three dollars and fifty cents," },
      { written: "please", spoken: "please" },
    ]);
  });
});

describe("pronunciations", () => {
  const pronunciations = [
    { from: "nguyen", to: "win" },
    { from: "SQL", to: "sequel" },
    { from: "SQL Server", to: "sequel server" },
    { from: "C++", to: "see plus plus" },
  ];

  it("replace whole words in any case, the longest first, before numbers are read", () => {
    const pieces = toSpeakable("Nguyen's NoSQL, sql  server 5, C++!", { language: "en", pronunciations });
    expect(joinSpoken(pieces)).toBe("win's NoSQL, sequel server five, see plus plus!");
    expect(joinWritten(pieces)).toBe("Nguyen's NoSQL, sql server 5, C++!");
  });

  it("work in every language", () => {
    expect(joinSpoken(toSpeakable("Herra Nguyen", { language: "fi", pronunciations }))).toBe("Herra win");
  });
});

describe("audio tags", () => {
  it("reach a voice that understands them, and never the history", () => {
    const pieces = toSpeakable('Hello [laughs] there <break time="1s"/>', { language: "en", audioTags: "keep" });
    expect(joinSpoken(pieces)).toBe('Hello [laughs] there <break time="1s"/>');
    expect(joinWritten(pieces)).toBe("Hello there");
  });

  it("leaves words in brackets that are no direction", () => {
    expect(write("Ask [your name] for it")).toBe("Ask [your name] for it");
  });
});

const anyLanguage = fc.constantFrom("en-US", "en-GB", "de", "fr", "es", "it", "pt-BR", "nl", "ja", "multi", "");
const anyText = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        ..."$ € 1 23 3.50 1,000 0 007 : / - – . , ° % & # @ * _ ` [ ] ( ) < > | pm a.m. Dr. St. km EUR AB12 earshot.dev Nov 12:30 5/8 ½ II \n".split(
          " ",
        ),
        " ",
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join("")),
);

describe("any text", () => {
  it("never throws, and says no more than a few words for each sign", () => {
    fc.assert(
      fc.property(anyText, anyLanguage, (text, language) => {
        const pieces = toSpeakable(text, { language, audioTags: "keep" });
        expect(joinSpoken(pieces).length).toBeLessThanOrEqual(text.length * 40 + 60);
        expect(joinSpoken(pieces)).not.toContain("undefined");
      }),
      { numRuns: 2_000 },
    );
  });

  it("is cut into pieces whose words are those of the text without markup", () => {
    fc.assert(
      fc.property(anyText, anyLanguage, (text, language) => {
        const words = (joined: string) => joined.split(/\s+/).filter((word) => word !== "");
        const pieces = toSpeakable(text, { language });
        const left = words(joinWritten(toSpeakable(text, { language: "multi" })));
        expect(words(joinWritten(pieces))).toEqual(left);
        for (const { written, spoken } of pieces) expect([written, spoken]).toEqual([written.trim(), spoken.trim()]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("stays as it is when it is plain", () => {
    const plain = fc.array(fc.stringMatching(/^[a-z]{3,9}[,.!?]?$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(plain, anyLanguage, (words, language) => {
        const text = words.join(" ");
        expect(toSpeakable(text, { language })).toEqual(words.map((word) => ({ written: word, spoken: word })));
      }),
    );
  });

  it("is not silent where it has words", () => {
    const marked = fc
      .tuple(fc.constantFrom("**", "_", "`", "# ", "- ", "> ", "", "~~"), fc.stringMatching(/^[a-z]{2,8}$/))
      .map(([mark, word]) => ({ text: `${mark}${word}${mark.trim() === mark ? mark : ""}`, word }));
    fc.assert(
      fc.property(marked, anyLanguage, ({ text, word }, language) => {
        expect(say(text, language)).toBe(word);
      }),
    );
  });

  it("takes no longer for hostile text", () => {
    for (const evil of [
      "*",
      "_",
      "[",
      "<a ",
      "1",
      "1,",
      "1-",
      "$",
      "(",
      "+",
      "a.",
      "I",
      "|",
      "1 ",
      "-",
      "www.",
      "@a",
    ]) {
      const pieces = toSpeakable(evil.repeat(4_000), { language: "en-US" });
      expect(pieces.length).toBeLessThanOrEqual(8_000);
    }
  });
});
