import { digitWords, phrases, type Vocabulary, words } from "./vocabulary.ts";

export const DUTCH: Vocabulary = {
  dangling: words(`
    de het een mijn jouw uw zijn haar ons onze hun deze dit die dat en of maar want omdat als dat wanneer terwijl van voor
    met op in aan bij naar uit om over onder tussen tegen zonder door te ik we wij ze zij hij is was waren heb heeft hebben
    kan kunnen wil zou moet zal heel erg ook nog alleen ongeveer dan dus nummer er`),
  mayEnd: words("dat die dit is kan wil aan op uit ook nog in zijn"),
  neverEnds: words("de mijn uw en maar want omdat terwijl"),
  hesitations: words("eh uh uhm ehm hm hmm nou tja"),
  backchannels: new Set(
    phrases(`mm, mhm, hm, hmm, ja, jaja, ja ja, oké, ok, okay, goed, precies, klopt, juist, inderdaad, ik snap het, snap ik, aha, ah,
      natuurlijk, prima, zeker, duidelijk, ja hoor, mooi`),
  ),
  commands:
    phrases(`stop, wacht, wacht even, ho, sorry, pardon, nee nee, nee, moment, een moment, seconde, luister, eigenlijk,
    een vraag, maar, wat`),
  closings: phrases(
    "dank je, dank u, bedankt, alstublieft, alsjeblieft, dat is alles, dat was het, doei, vandaag, morgen",
  ),
  holds:
    phrases(`een moment, moment, momentje, een momentje, een seconde, een minuut, wacht even, even kijken, blijf hangen,
    ik kijk even, laat me, ik ben zo terug, ogenblikje`),
  negations: words("nee niet niets geen nooit helaas zonder"),
  digits: digitWords("nul, een één, twee, drie, vier, vijf, zes, zeven, acht, negen"),
  months: words("januari februari maart april mei juni juli augustus september oktober november december"),
  days: words(`
    vandaag morgen overmorgen gisteren nu straks maandag dinsdag woensdag donderdag vrijdag zaterdag zondag weekend
    week dag maand jaar`),
  at: words("at apenstaartje"),
  dot: words("punt"),
  streets: /(?:straat|weg|laan|plein|gracht|kade|dijk|singel)\b/,
  asks: {
    email: /e-?mail/,
    spelling: /spel/,
    phone: /(?:telefoon|mobiel)\S* ?nummer|bereiken/,
    number: /nummer|postcode|code|cijfers/,
    address: /adres|straat|woont u/,
    date: /datum|verjaardag|geboren|welke dag|wanneer/,
  },
  continuers: ["Mhm.", "Ja.", "Oké.", "Ik snap het."],
  machines: [
    /(?:spreek|laat) (?:een |uw |je )?(?:bericht|boodschap)/,
    /na de (?:piep|toon)/,
    /niet (?:bereikbaar|aanwezig|beschikbaar)/,
    /voicemail|antwoordapparaat/,
    /bel (?:u |je )?terug/,
  ],
  screeners: [/(?:noem|zeg) uw naam/, /reden van uw (?:telefoontje|gesprek)/, /wie belt/],
  connecting: [/blijf(?:t u)? aan de lijn|een moment|ik verbind|wordt doorverbonden|dank u(?: wel)?$/],
  people: [
    /^(?:hallo|ja|goedemorgen|goedemiddag|ja hallo)(?: (?:hallo|ja))*$|ik ben er|bent u (?:er )?nog|niet ophangen/,
    /wie (?:is dit|spreek)|waarmee kan ik|kan ik (?:u|iets)|zal ik|wilt u/,
  ],
};
