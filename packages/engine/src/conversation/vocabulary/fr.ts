import { digitWords, phrases, type Vocabulary, words } from "./vocabulary.ts";

export const FRENCH: Vocabulary = {
  dangling: words(`
    le la les un une des du de d l mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces et ou
    mais donc or car que qui quand si comme parce pour avec sans dans sur sous chez par vers entre à au aux en je tu il
    elle on nous vous ils elles est sont suis était ai as a avons avez ont peux peut pouvez voudrais veux très plus aussi
    puis alors c'est j'ai numéro`),
  mayEnd: words("est a si plus aussi en vous alors sur avec"),
  neverEnds: words("des du mon ma mes ton ta tes son sa ses et mais car parce que"),
  hesitations: words("euh heu hum hein ben bah mmh"),
  backchannels: new Set(
    phrases(`mm, mmh, hm, hum, oui, ouais, d'accord, ok, okay, ah, ah oui, ah bon, je vois, bien sûr, exactement, tout à fait,
      voilà, c'est ça, très bien, bien, super, parfait, oui oui, entendu, compris`),
  ),
  commands:
    phrases(`stop, arrêtez, attendez, attends, pardon, excusez moi, non non, non, un instant, une seconde, un moment,
    écoutez, en fait, une question, mais, quoi, est-ce que`),
  closings: phrases("merci, s'il vous plaît, s'il te plaît, c'est tout, voilà, au revoir, aujourd'hui, demain"),
  holds:
    phrases(`un instant, un moment, une seconde, une minute, attendez, ne quittez pas, je regarde, je vérifie, laissez moi,
    patientez, je reviens, deux secondes, deux minutes`),
  negations: words("non ne n pas rien jamais aucun aucune désolé désolée importe sans"),
  digits: digitWords("zéro, un une, deux, trois, quatre, cinq, six, sept, huit, neuf"),
  months: words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
  days: words(`
    aujourd'hui demain hier maintenant bientôt lundi mardi mercredi jeudi vendredi samedi dimanche week end semaine
    jour mois année`),
  at: words("arobase at"),
  dot: words("point"),
  streets: /\b(?:rue|avenue|boulevard|place|chemin|allée|impasse|quai|route)\b/,
  asks: {
    email: /e-?mail|courriel|adresse électronique/,
    spelling: /épel/,
    phone: /numéro de (?:téléphone|portable|mobile)|vous joindre/,
    number: /numéro|code|chiffres/,
    address: /adresse|habitez/,
    date: /\bdate\b|anniversaire|né[e]?\b|quel jour|quand/,
  },
  continuers: ["Mm-hmm.", "Oui.", "D'accord.", "Je vois."],
  machines: [
    /laisse[rz](?:-moi|-nous)? (?:un |votre )?message/,
    /après le (?:bip|signal|ton)/,
    /(?:ne suis|n'est|ne sommes) pas (?:disponible|joignable)/,
    /messagerie|répondeur|boîte vocale/,
    /rappeller|rappelle(?:rai|rons)/,
  ],
  screeners: [/(?:dites|indiquez|donnez) votre nom/, /(?:raison|motif|objet) de votre appel/, /qui est à l'appareil/],
  connecting: [/ne quittez pas|restez en ligne|patientez|je vous (?:passe|mets)|merci$/],
  people: [
    /^(?:allô|allo|oui|bonjour|oui allô|oui bonjour)(?: (?:allô|oui|bonjour))*$|je suis là|ne raccrochez pas|vous êtes là/,
    /qui (?:est|appelle)|je peux (?:vous|prendre)|puis-je|voulez[- ]vous|souhaitez[- ]vous/,
  ],
};
