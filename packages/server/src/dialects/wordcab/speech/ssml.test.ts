import { describe, expect, test } from "vitest";
import { isSsml, toSpokenText } from "./ssml.ts";

describe("SSML", () => {
  test.each([
    ["<speak>Hello</speak>", "Hello."],
    ['<speak version="1.0">Hi <emphasis>there</emphasis>!</speak>', "Hi there!"],
    ["<speak><p>One</p><p>Two</p></speak>", "One. Two."],
    ['<speak>Wait<break time="500ms"/>now</speak>', "Wait. now."],
    ['<speak>The <sub alias="World Wide Web">WWW</sub>.</speak>', "The World Wide Web."],
    ["<speak>Tom &amp; Jerry &#x263a; &lt;3</speak>", "Tom & Jerry ☺ <3."],
    ["<speak><!-- quiet --></speak>", ""],
    ["<speak>broken <", "broken <."],
  ])("%s is said as %s", (ssml, text) => {
    expect(isSsml(ssml)).toBe(true);
    expect(toSpokenText(ssml)).toBe(text);
  });

  test("is nothing that merely mentions it", () => {
    expect(isSsml("Say <speak> aloud")).toBe(false);
    expect(isSsml("<speaker>")).toBe(false);
  });
});
