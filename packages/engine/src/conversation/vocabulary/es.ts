import { digitWords, phrases, type Vocabulary, words } from "./vocabulary.ts";

export const SPANISH: Vocabulary = {
  dangling: words(`
    el la los las un una unos unas de del al a en con por para sin sobre entre desde hasta mi mis tu tus su sus nuestro
    nuestra este esta estos estas ese esa y e o u pero porque que si cuando como donde aunque yo él ella nosotros ellos es
    son soy era está estoy he ha han puedo puede quiero quisiera necesito muy más también entonces número me te se le lo`),
  mayEnd: words("es está más también entonces sí como esta este lo"),
  neverEnds: words("el un al mis tus sus y pero porque aunque"),
  hesitations: words("eh em mmm este pues bueno hum"),
  backchannels: new Set(
    phrases(`mm, ajá, aja, sí, si, claro, vale, ok, okay, ya, bien, bueno, perfecto, entiendo, ya veo, de acuerdo, exacto, eso,
      correcto, así es, muy bien, sí sí, sí claro, ah, genial, por supuesto`),
  ),
  commands:
    phrases(`para, pare, espera, espere, alto, perdón, perdona, disculpe, no no, no, un momento, un segundo, oye, oiga,
    escuche, en realidad, una pregunta, pero, qué`),
  closings: phrases("gracias, muchas gracias, por favor, eso es todo, nada más, adiós, hoy, mañana"),
  holds:
    phrases(`un momento, un segundo, un minuto, momento, espere, espera, déjeme ver, déjame ver, déjeme, no cuelgue,
    permítame, un momentito, ahora vuelvo`),
  negations: words("no nada nunca ningún ninguno ninguna tampoco igual sin"),
  digits: digitWords("cero, uno un una, dos, tres, cuatro, cinco, seis, siete, ocho, nueve"),
  months: words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
  days: words(`
    hoy mañana pasado ayer ahora pronto lunes martes miércoles jueves viernes sábado domingo fin semana día mes año`),
  at: words("arroba at"),
  dot: words("punto"),
  streets: /\b(?:calle|avenida|plaza|paseo|camino|carretera|ronda)\b/,
  asks: {
    email: /correo|e-?mail/,
    spelling: /deletre/,
    phone: /(?:número de )?(?:teléfono|móvil|celular)/,
    number: /número|código|dígitos/,
    address: /dirección|domicilio|dónde vive/,
    date: /fecha|cumpleaños|nació|qué día|cuándo/,
  },
  continuers: ["Ajá.", "Sí.", "Claro.", "Entiendo."],
  machines: [
    /deje? (?:su |tu |un )?(?:mensaje|nombre)/,
    /después (?:del|de la) (?:tono|señal|pitido)/,
    /no (?:estoy|está|estamos) disponible|no puedo atender/,
    /buzón|contestador/,
    /devolver(?:é|emos)|llamar(?:é|emos)/,
  ],
  screeners: [/(?:diga|indique) su nombre/, /(?:motivo|razón) de (?:su|la) llamada/, /quién llama/],
  connecting: [/no cuelgue|permanezca en (?:la )?línea|un momento|le (?:paso|comunico)|gracias$/],
  people: [
    /^(?:hola|diga|dígame|sí|bueno|aló|sí diga)(?: (?:hola|diga|sí))*$|estoy aquí|soy yo|sigue ahí/,
    /quién (?:es|habla)|en qué puedo|puedo (?:ayudar|tomar)|quiere (?:que|dejar)|le gustaría/,
  ],
};
