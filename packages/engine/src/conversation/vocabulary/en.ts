import { digitWords, phrases, type Vocabulary, words } from "./vocabulary.ts";

export const ENGLISH: Vocabulary = {
  dangling: words(`
    a an the my your his her our their this that these those to of for with from in on at by into about as and or but
    so because if whether when while although unless until since than then i we they he she it's i'm are was were am be been do
    does did have has had can could will would shall should may might must very really just like want need know let
    who which where some no not only also plus or it is there's around between under over next last every another
    maybe probably actually basically i'd i'll we'd we'll you what's how`),
  mayEnd: new Set([
    ...words(
      "that this those these are was were am do does did can could will would in on no not it you have had like",
    ),
    ...words("know maybe probably really what who which where some so"),
    ...phrases(`it is, that is, this is, there is, he is, she is, what is, where is, one is, yes is, think so, hope so, guess so,
      do so, like that, like this, about that, about this, with that, with this, do that, do this, i am, i do, i did,
      i can, i will, i have, i was, did not, i know`),
  ]),
  neverEnds: words("a an the my your our their and but because if whether although unless than"),
  hesitations: words("um uh er erm uhm hmm hm mm ah eh well"),
  backchannels: new Set(
    phrases(`mm, mhm, mm hmm, mmhmm, mm hm, hm, hmm, uh huh, uhhuh, uh hum, aha, ah, oh, yeah, yep, yup, yes, right, okay, ok,
      sure, i see, got it, alright, all right, true, exactly, cool, great, good, nice, wow, really, oh okay, of course,
      makes sense, sounds good, gotcha, fair enough, absolutely, perfect, mhmm, huh, oh wow, that's right`),
  ),
  commands: phrases(`stop, wait, hold on, hang on, no no, excuse me, pardon, sorry, hey, listen, actually, one second,
    just a second, one moment, be quiet, shut up, let me, can i, can you, i have a question, but, what, no`),
  closings: phrases(`thank you, thanks, please, that's all, that's it, that is all, that is it, bye, goodbye, go ahead,
    never mind, you know what i mean, if you can, for me, right now, as well, too, today, tomorrow`),
  holds:
    phrases(`one moment, one second, just a moment, just a second, just a minute, one minute, a minute, hold on, hang on,
    give me a second, give me a minute, give me a moment, let me check, let me look, let me see, let me find, let me get,
    bear with me, wait a second, wait a minute, wait a moment, i'll be right back, hold the line`),
  negations: words(`
    no don't doesn't didn't can't cannot couldn't won't never none nothing sorry unsure without whatever anything`),
  digits: digitWords("zero oh o nought, one, two, three, four, five, six, seven, eight, nine"),
  months: words(
    "january february march april june july august september october november december jan feb mar apr jun jul aug sept oct nov dec",
  ),
  days: words(`
    today tonight tomorrow yesterday now soon monday tuesday wednesday thursday friday saturday sunday weekend week
    weekday day month year christmas easter`),
  at: words("at"),
  dot: words("dot point"),
  streets:
    /\b(?:street|st|avenue|ave|road|rd|drive|lane|boulevard|blvd|court|square|place|way|parkway|terrace|circle|close)\b/,
  asks: {
    email: /e-?mail/,
    spelling: /\bspell|letter by letter/,
    phone: /\b(?:phone|mobile|cell|telephone|callback|call back|contact|best) ?number|\breach you\b|number to call/,
    number:
      /\b(?:number|code|zip|postcode|digits|pin|id)\b|\b(?:account|card|order|reference|policy|tracking|serial|invoice)\b/,
    address: /\baddress\b|\bstreet\b|where do you live|deliver(?:ed)? to/,
    date: /\bdate\b|\bbirthday\b|\bborn\b|\b(?:what|which) (?:day|month|date)\b|\bwhen\b/,
  },
  continuers: ["Uh-huh.", "Mm-hmm.", "Okay.", "I see."],
  machines: [
    /leave (?:me |us )?(?:a |your )?(?:brief |short |detailed )?(?:message|name)/,
    /(?:after|at) the (?:tone|beep)/,
    /(?:is|are|am|'re|'m) (?:not|un)(?: ?currently| ?able)? ?(?:available|to (?:come|take|answer))/,
    /can(?:no|')t (?:come to|take your call|answer)/,
    /unable to (?:take|answer|come)/,
    /voice ?mail|mailbox|answering machine/,
    /record your message|please record|your call has been forwarded/,
    /you(?:'ve| have) reached the (?:voice|mail)/,
    /get back to you|return your call/,
    /(?:your|the) message (?:has|was|is|will)|(?:finished|done) recording|press (?:one|two|star|pound|\d)|hang up or press/,
  ],
  screeners: [
    /call(?:ing)? (?:screening|assist)|screening service|screening (?:this|your) call/,
    /(?:state|say|record) your name(?: and| or|,)/,
    /(?:reason|purpose) (?:for|of) (?:your|the|this) call|why you(?:'re| are) calling/,
    /who (?:is|'s) calling|may i ask who|google (?:assistant|voice)|before i (?:connect|try to connect)/,
  ],
  connecting: [
    /stay on the line|hold the line|please (?:hold|wait)|(?:connect|put) (?:you|your call)|connecting|trying to reach/,
    /(?:see|check) if (?:they|he|she|this person|the person)|let (?:them|him|her) know|thank you(?: for calling)?$/,
  ],
  people: [
    /^(?:hello|hi|hey|yes|yeah)(?: (?:hello|hi|yes|there|sorry|speaking|this is \w+))*$|^hello hello\b/,
    /\bi'm here\b|\bit's me\b|\bdon't hang up\b|\bare you (?:still )?there\b|\bspeaking$/,
    /\bwho(?:'s| is) (?:this|that|there|calling)\b|\bhow (?:can|may) (?:i|we) help\b|\bcan (?:i|we) help\b/,
    /\bwould you like (?:me )?to\b|\bdo you want\b|\b(?:can|could|may|shall) i (?:take|ask|help|give)\b/,
    /\bcan you (?:leave|call|tell|hear)\b|\bshould i\b/,
  ],
};
