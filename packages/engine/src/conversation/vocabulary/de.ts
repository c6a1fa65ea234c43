import { digitWords, phrases, type Vocabulary, words } from "./vocabulary.ts";

export const GERMAN: Vocabulary = {
  dangling: words(`
    der die das den dem des ein eine einen einem einer eines mein meine meinen meiner dein ihr ihre unser unsere sein
    seine und oder aber weil wenn dass ob als wie zu zum zur von vom mit für auf an am in im bei beim nach aus um über
    unter zwischen gegen ohne durch ich wir sie er es ist sind war waren habe hat haben hatte kann können könnte möchte
    will würde muss soll sollte sehr so also noch nur auch etwa ungefähr sondern dann weiter nummer`),
  mayEnd: words("das ist sind habe hat kann möchte will an auf aus so noch auch sie es war"),
  neverEnds: words("und aber weil wenn dass ob als"),
  hesitations: words("äh ähm öh öhm hm hmm mh naja tja"),
  backchannels: new Set(
    phrases(`mhm, hm, hmm, mh, aha, ah, ach so, achso, ja, jaja, ja ja, genau, okay, ok, gut, stimmt, richtig, alles klar,
      klar, verstehe, ich verstehe, natürlich, super, schön, jawohl, ah ja, ah okay, ja genau, ja gut, sicher, prima`),
  ),
  commands:
    phrases(`stopp, stop, halt, warte, warten sie, moment, einen moment, entschuldigung, nein nein, nein, hören sie,
    sekunde, eine sekunde, eine frage, aber, eigentlich, kann ich, können sie, was`),
  closings:
    phrases(`danke, danke schön, vielen dank, bitte, das war's, das wars, das war alles, tschüss, auf wiederhören,
    heute, morgen, gerne`),
  holds: phrases(`moment, einen moment, moment mal, eine sekunde, sekunde, kleinen moment, augenblick, einen augenblick,
    bleiben sie dran, ich schaue nach, ich schau mal, lassen sie mich, warten sie kurz, eine minute, bin gleich wieder da`),
  negations: words("nein nicht nichts kein keine keinen nie leider egal ohne"),
  digits: digitWords("null, eins ein, zwei zwo, drei, vier, fünf, sechs, sieben, acht, neun"),
  months: words("januar februar märz april mai juni juli august september oktober november dezember"),
  days: words(`
    heute morgen übermorgen gestern jetzt bald montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
    wochenende woche tag monat jahr`),
  at: words("at ät"),
  dot: words("punkt dot"),
  streets: /(?:straße|strasse|str|weg|platz|allee|gasse|ring|ufer|damm)\b/,
  asks: {
    email: /e-?mail/,
    spelling: /buchstabier/,
    phone: /(?:telefon|handy|mobil|rück\S*|ruf)nummer|erreichen wir sie/,
    number: /nummer|postleitzahl|\bplz\b|\bcode\b|\bpin\b|ziffern/,
    address: /adresse|anschrift|straße|wohnen sie/,
    date: /datum|geburtstag|geboren|welche[mrn]? tag|\bwann\b/,
  },
  continuers: ["Mhm.", "Ja.", "Okay.", "Verstehe."],
  machines: [
    /nachricht (?:nach|hinterlassen)|hinterlassen sie/,
    /nach dem (?:signal|ton|piep)/,
    /(?:nicht|gerade nicht) (?:erreichbar|zu erreichen)/,
    /mailbox|anrufbeantworter|sprachnachricht/,
    /rufe? (?:sie |dich )?zurück|melde mich/,
  ],
  screeners: [/(?:nennen|sagen) sie (?:bitte )?ihren namen/, /grund (?:ihres|für ihren|des) anruf/, /wer ruft an/],
  connecting: [
    /bleiben sie (?:bitte )?(?:dran|in der leitung)|einen moment|ich verbinde|werden verbunden/,
    /bitte warten|vielen dank$/,
  ],
  people: [
    /^(?:hallo|ja|guten tag|ja hallo|ja bitte)(?: (?:hallo|bitte|ja))*$|\bich bin (?:da|dran|hier)\b|sind sie noch d(?:a|ran)/,
    /wer (?:ist|spricht) (?:da|dort)|was kann ich|kann ich (?:ihnen|etwas|was)|soll ich|möchten sie|legen sie nicht auf/,
  ],
};
