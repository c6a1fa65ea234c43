import { claimEach, type Rule } from "../claims.ts";

/** Signs that are words. */
export const symbols: Rule = (text, { words }) => [
  ...claimEach(text, /&/g, () => ` ${words.and} `),
  ...claimEach(text, /[#№](?=\s?\d)/g, () => `${words.number} `),
  ...claimEach(text, /(?<![\p{L}\p{N}])#(?=\p{L})/gu, () => `${words.hashtag} `),
  ...claimEach(text, /(?<=^|\s)@(?=\s|\p{L})/gu, () => `${words.at} `),
  ...claimEach(text, /(?<=^|[\s\d])\+(?=\s|\d|\p{L})/gu, () => ` ${words.plus} `),
  ...claimEach(text, /(?<=\s|\d)[=](?=\s|\d)/g, () => ` ${words.equals} `),
  ...claimEach(text, /(?<=\d\s?)[×x](?=\s?\d)/g, () => ` ${words.times} `),
  ...claimEach(text, /[~≈](?=\s?\d|\s?\p{Sc})/gu, () => `${words.about} `),
  ...claimEach(text, /[→⇒➜|•·▪◦]/g, () => " "),
];
