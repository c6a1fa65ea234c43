import { digitWords, phrases, type Vocabulary, words } from "./vocabulary.ts";

export const ITALIAN: Vocabulary = {
  dangling: words(`
    il lo la i gli le un uno una di del della dei delle a al alla ai da dal dalla in nel nella con su sul sulla per tra fra
    mio mia miei mie tuo tua suo sua nostro nostra questo questa e ed o ma perché che se quando come dove anche io noi voi
    loro è sono era ho ha hanno posso può vorrei voglio molto più poi allora numero mi ti si ci`),
  mayEnd: words("è ha sono più anche allora poi come"),
  neverEnds: words("il i gli del della dei delle e ed ma se"),
  hesitations: words("ehm eh mmm uhm beh cioè"),
  backchannels: new Set(
    phrases(`mm, mhm, sì, si, certo, ok, okay, va bene, bene, capisco, ho capito, esatto, giusto, ah, d'accordo, perfetto, già,
      chiaro, sì sì, sì certo, ottimo, ah ok`),
  ),
  commands:
    phrases(`stop, fermo, ferma, aspetti, aspetta, scusi, scusa, no no, no, un attimo, un momento, un secondo, senta,
    in realtà, una domanda, ma, cosa`),
  closings: phrases("grazie, grazie mille, per favore, per piacere, è tutto, basta così, arrivederci, oggi, domani"),
  holds:
    phrases(`un attimo, un momento, un secondo, un minuto, aspetti, aspetta, mi faccia, fammi, resti in linea, attenda,
    torno subito, vediamo`),
  negations: words("no non niente nulla mai nessuno nessuna purtroppo senza"),
  digits: digitWords("zero, uno un una, due, tre, quattro, cinque, sei, sette, otto, nove"),
  months: words("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
  days: words(`
    oggi domani dopodomani ieri adesso presto lunedì martedì mercoledì giovedì venerdì sabato domenica fine settimana
    giorno mese anno`),
  at: words("chiocciola at"),
  dot: words("punto"),
  streets: /\b(?:via|viale|piazza|corso|largo|vicolo|strada)\b/,
  asks: {
    email: /e-?mail|posta elettronica/,
    spelling: /compit|lettera per lettera|spelling/,
    phone: /numero di (?:telefono|cellulare)|recapito/,
    number: /numero|codice|cifre|cap\b/,
    address: /indirizzo|dove abita/,
    date: /\bdata\b|compleanno|nat[oa]\b|che giorno|quando/,
  },
  continuers: ["Mhm.", "Sì.", "Certo.", "Capisco."],
  machines: [
    /lascia(?:te|re)? (?:un |il )?messaggio/,
    /dopo il (?:segnale|bip|tono)/,
    /non (?:sono|è|siamo) (?:disponibil|raggiungibil)/,
    /segreteria/,
    /richiam/,
  ],
  screeners: [/(?:dica|indichi) il suo nome/, /motivo della (?:sua )?chiamata/, /chi (?:parla|chiama)/],
  connecting: [/resti in linea|attenda|un (?:attimo|momento)|le passo|grazie$/],
  people: [
    /^(?:pronto|sì|ciao|buongiorno|sì pronto)(?: (?:pronto|sì))*$|sono qui|sono io|è ancora lì/,
    /chi è\b|come posso|posso (?:aiutar|prendere)|vuole (?:che|lasciare)|non riattacchi/,
  ],
};
