/** What callers say, in two halves that share no text: [train, held-out]. `|` is where they may hesitate. */
import type { CorpusSplit } from "./corpus-item.ts";

type Halves = Readonly<Record<CorpusSplit, readonly string[]>>;

export const COMPLETE: Halves = {
  train: [
    "I would like to book a table for four people tonight.",
    "Could you tell me what time you open on Saturday?",
    "I need to move my appointment to next Tuesday morning.",
    "The package arrived yesterday, but one of the boxes was broken.",
    "I was charged twice for the same invoice last month.",
    "Is there parking near the clinic?",
    "How much would it cost to repair the washing machine?",
    "Yes, that is correct.",
    "No, thank you.",
    "My daughter has a fever and we would like to see the doctor today.",
    "Please send it to my office.",
    "I will be there at half past nine.",
    "Do you take credit cards?",
    "Tomorrow would be better for me.",
    "That sounds good to me.",
    "What does a cleaning cost?",
  ],
  "held-out": [
    "Can I speak to somebody in the billing department?",
    "Please cancel my subscription at the end of the year.",
    "The internet has been down since three o'clock this afternoon.",
    "You can reach me on my mobile after six in the evening.",
    "I forgot my password and the reset link does not work.",
    "Do you deliver to the other side of the river?",
    "Where are you located?",
    "Yes, please.",
    "No, I don't have one.",
    "We are going to be six instead of four.",
    "How long does it usually take?",
    "I already sent the form last week.",
    "Friday at noon is fine.",
    "The second one is better for us.",
    "Does anybody there speak Spanish?",
    "I would like a window seat.",
  ],
};

export const HESITANT: Halves = {
  train: [
    "I'd like to book a | um | table for four.",
    "I was wondering if | you could help me with my bill.",
    "My problem is that | uh | the heating does not work.",
    "We wanted to come on | Friday evening.",
    "I think it was the | um | blue one with the handle.",
    "Can you tell me whether | the doctor is in today?",
    "I have a question about my | uh | insurance.",
    "It happened because | the door was open and | the cat ran out.",
    "I need a room for two adults and | one child.",
    "So the reason why I'm calling is | that my order never arrived.",
  ],
  "held-out": [
    "I would like to speak to the | uh | manager.",
    "Could I maybe come on | let me see | Thursday?",
    "The thing is that | um | I moved last month.",
    "We need it before | the end of the week.",
    "I'm looking for a | a present for my mother.",
    "It's about the invoice from | uh | January.",
    "Do you know if | there is a bus that goes there?",
    "I ordered two lamps and | only one of them came.",
    "My appointment was at | um | ten I think.",
    "I wanted to ask whether | I can bring my dog and | a friend.",
  ],
};

export const NAMES: Halves = {
  train: ["Miller", "Baker", "Turner", "Walker", "Harris", "Cooper", "Morgan", "Parker"],
  "held-out": ["Fischer", "Nolan", "Bennett", "Dawson", "Keller", "Sutton", "Porter", "Vaughn"],
};

export const FIRST_NAMES: Halves = {
  train: ["Anna", "Peter", "Laura", "Thomas", "Julia", "Martin"],
  "held-out": ["Helen", "Robert", "Carla", "Simon", "Nora", "Victor"],
};

export const MAIL_HOSTS: Halves = {
  train: ["example dot com", "post dot net", "acme dot org"],
  "held-out": ["mail dot com", "northwind dot net", "garden dot org"],
};

export const STREETS: Halves = {
  train: ["Harbour Street", "Garden Lane", "Mill Road", "Station Square"],
  "held-out": ["River Avenue", "Church Hill", "Market Place", "Oak Crescent"],
};

export const TOWNS: Halves = {
  train: ["Springfield", "Riverton", "Ashford"],
  "held-out": ["Brighton", "Milltown", "Weston"],
};

export const BACKCHANNELS: Halves = {
  train: ["yeah", "right", "okay", "uh huh", "I see", "mm-hmm"],
  "held-out": ["yes", "sure", "oh okay", "alright", "got it", "mm-hmm"],
};

export const INTERRUPTIONS: Halves = {
  train: [
    "Wait.",
    "Stop.",
    "No, I meant Tuesday.",
    "Actually, can I ask something else?",
    "Hold on a second.",
    "Sorry, that is wrong.",
    "No no no, the other one.",
    "Can you repeat that?",
  ],
  "held-out": [
    "Stop it please.",
    "Wait a minute.",
    "No, not Friday.",
    "Actually, never mind.",
    "Excuse me, one question.",
    "That's not what I said.",
    "Hang on.",
    "What was that again?",
  ],
};
