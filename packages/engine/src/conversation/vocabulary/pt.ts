import { digitWords, phrases, type Vocabulary, words } from "./vocabulary.ts";

export const PORTUGUESE: Vocabulary = {
  dangling: words(`
    o a os as um uma uns umas de do da dos das em no na nos nas com por para pelo pela sem sobre entre até meu minha meus
    minhas teu tua seu sua nosso nossa este esta esse essa e ou mas porque que se quando como onde também eu nós eles elas
    é são sou era está estou tenho tem posso pode quero queria preciso muito mais então número me te lhe`),
  mayEnd: words("é está tem mais também então esse essa"),
  neverEnds: words("os as do da dos das e mas se"),
  hesitations: words("hum é eh ahn tipo bem"),
  backchannels: new Set(
    phrases(`mm, uhum, aham, sim, tá, tá bom, certo, ok, okay, claro, entendi, entendo, isso, exato, beleza, bom, ah, perfeito, é,
      pois é, pois, está bem, sim sim, ótimo, legal`),
  ),
  commands:
    phrases(`para, pare, espera, espere, desculpa, desculpe, com licença, não não, não, um momento, um segundo, olha,
    escuta, na verdade, uma pergunta, mas, o quê`),
  closings: phrases("obrigado, obrigada, por favor, é só isso, só isso, é tudo, tchau, adeus, hoje, amanhã"),
  holds:
    phrases(`um momento, um segundo, um minuto, um minutinho, um instante, espera, espere, deixa eu ver, deixe me ver,
    só um momento, só um minuto, já volto, aguarde`),
  negations: words("não nada nunca nenhum nenhuma infelizmente tanto sem"),
  digits: digitWords("zero, um uma, dois duas, três, quatro, cinco, seis meia, sete, oito, nove"),
  months: words("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
  days: words("hoje amanhã ontem agora logo segunda terça quarta quinta sexta sábado domingo fim semana dia mês ano"),
  at: words("arroba at"),
  dot: words("ponto"),
  streets: /\b(?:rua|avenida|praça|travessa|alameda|estrada)\b/,
  asks: {
    email: /e-?mail|correio eletr/,
    spelling: /soletr/,
    phone: /(?:número de )?(?:telefone|celular|telemóvel)/,
    number: /número|código|dígitos|\bcep\b/,
    address: /endereço|morada|onde mora/,
    date: /\bdata\b|aniversário|nasceu|que dia|quando/,
  },
  continuers: ["Uhum.", "Sim.", "Certo.", "Entendi."],
  machines: [
    /deix[ea] (?:o seu |seu |uma )?(?:recado|mensagem|nome)/,
    /(?:após|depois d)o? ?(?:sinal|bipe|tom)/,
    /não (?:estou|está) disponível|não posso atender/,
    /caixa postal|correio de voz|caixa de mensagens/,
    /retornar|ligo de volta/,
  ],
  screeners: [/diga o seu nome/, /motivo d[ae] (?:sua )?(?:ligação|chamada)/, /quem (?:fala|está falando)/],
  connecting: [/não desligue|permaneça na linha|aguarde|um momento|vou (?:passar|transferir)|obrigad[oa]$/],
  people: [
    /^(?:alô|sim|oi|olá|pronto|está|estou|alô sim)(?: (?:alô|sim|oi))*$|estou aqui|sou eu|ainda está aí/,
    /quem (?:é|fala)|como posso|posso (?:ajudar|anotar)|quer (?:que|deixar)|gostaria de/,
  ],
};
