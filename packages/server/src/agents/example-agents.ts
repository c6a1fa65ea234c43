import { type NewAgent, newAgentShape } from "./agent.ts";

const FAREWELLS = ["goodbye", "bye", "hang up", "that's all", "that is all", "end the call"];

/** What a new installation begins with: three agents that work with every language model, the built-in one included. */
export function exampleAgents(): NewAgent[] {
  return [dentist(), restaurant(), techSupport()];
}

function dentist(): NewAgent {
  return newAgentShape.parse({
    name: "Bloom Dental receptionist",
    prompt:
      "You are Ava, the receptionist of Bloom Dental, a friendly dental practice. " +
      "Answer questions about the practice in one or two short sentences. " +
      "If the caller wants an appointment, ask for what you need one thing at a time, read it back, and say that the " +
      "practice will confirm by phone. Never give medical advice: for pain or an accident, offer the emergency number. " +
      "If you don't know something, say so and offer to take a message.",
    notes: [
      "Our opening hours are eight to six from Monday to Friday, and nine to one on Saturdays. On Sundays we are closed.",
      "Our address is 12 Harbour Street, next to the library.",
      "Parking behind the house is free.",
      "A cleaning costs eighty dollars and takes forty minutes.",
      "A check-up costs sixty dollars.",
      "Whitening costs two hundred dollars.",
      "We accept most dental insurances. Please bring your insurance card.",
      "Our dentists are Dr. Lee and Dr. Gomez. Dr. Gomez speaks Spanish.",
      "For emergencies outside opening hours, call 555 0199.",
      "Appointments can be cancelled free of charge until the day before.",
      "New patients are welcome and should come ten minutes early.",
    ],
    greeting: { mode: "static", text: "Hello, Bloom Dental, this is Ava. How can I help you?" },
    keyterms: ["Bloom Dental", "Dr. Lee", "Dr. Gomez", "whitening", "check-up"],
    variables: [
      { name: "full_name", type: "string", description: "May I have your full name?", isRequired: true },
      { name: "day", type: "date", description: "Which day would you like to come?", isRequired: true },
      { name: "time", type: "time", description: "What time would suit you?", isRequired: true },
      { name: "phone_number", type: "phone", description: "What number can we call to confirm?", isRequired: true },
    ],
    tools: [{ kind: "endCall", phrases: FAREWELLS }],
    metadata: { example: "dentist" },
  });
}

function restaurant(): NewAgent {
  return newAgentShape.parse({
    name: "Trattoria Lina bookings",
    prompt:
      "You are the host at Trattoria Lina, a small Italian restaurant. Be warm and brief. " +
      "Answer questions about the restaurant, and take bookings: ask for the name, the number of people, the day and " +
      "the time, one after the other, then read the booking back. " +
      "If a group has more than ten people, say that the owner will call back about it.",
    notes: [
      "Our opening days are Tuesday to Sunday. On Mondays we are closed.",
      "Our opening hours are noon to three and six to eleven. We serve lunch from noon to three and dinner from six to eleven.",
      "Our address is 4 Garden Lane, across from the theatre.",
      "There is no parking at the house. The garage on Mill Road is two minutes away.",
      "We have vegetarian and vegan dishes, and gluten-free pasta.",
      "There is a terrace with eight tables. Dogs are welcome there.",
      "Children are welcome. We have high chairs and a small menu for children.",
      "We take cash and all cards.",
      "The lunch menu costs eighteen dollars, with a starter, a main course and coffee.",
      "Our specialty is fresh ravioli with sage butter.",
      "Tables are held for fifteen minutes.",
    ],
    greeting: { mode: "static", text: "Trattoria Lina, good day! Would you like to book a table?" },
    keyterms: ["Trattoria Lina", "ravioli", "terrace", "gluten-free"],
    variables: [
      { name: "name", type: "string", description: "What name may I put the booking under?", isRequired: true },
      { name: "people", type: "number", description: "For how many people?", isRequired: true },
      { name: "day", type: "date", description: "For which day?", isRequired: true },
      { name: "time", type: "time", description: "At what time?", isRequired: true },
    ],
    tools: [{ kind: "endCall", phrases: FAREWELLS }],
    metadata: { example: "restaurant" },
  });
}

function techSupport(): NewAgent {
  return newAgentShape.parse({
    name: "Northwind support desk",
    prompt:
      "You are Sam at the support desk of Northwind, an internet provider. Be calm and clear, and give one step at a " +
      "time. Help with the problems that you have notes about. When that doesn't help, or the caller asks for a " +
      "person, take a message: ask for the name, a phone number and what is wrong, and say that a technician will " +
      "call back within one working day.",
    notes: [
      "If the internet is slow, unplug the router for thirty seconds, plug it in again and wait two minutes.",
      "If there is no internet and the light on the router is red, check that the cable to the wall is firmly plugged in.",
      "If the light on the router blinks orange, it is installing an update. That takes about ten minutes.",
      "The Wi-Fi password is printed on the back of the router.",
      "To reset the router, hold the small button on the back for ten seconds. All settings will be lost.",
      "To reset your account password, open northwind.example and choose Forgot password.",
      "Invoices are sent on the first day of the month by e-mail.",
      "You can cancel with one month's notice in your account under Contract.",
      "A technician's visit costs forty dollars, and nothing if the fault is ours.",
      "Technicians work Monday to Saturday from eight to eight.",
    ],
    greeting: { mode: "static", text: "Northwind support, this is Sam. What can I do for you?" },
    keyterms: ["Northwind", "router", "Wi-Fi", "password", "invoice"],
    variables: [
      { name: "full_name", type: "string", description: "May I have your name?", isRequired: true },
      { name: "phone_number", type: "phone", description: "What number can a technician call?", isRequired: true },
      { name: "problem", type: "string", description: "In a few words, what is the problem?", isRequired: true },
    ],
    tools: [{ kind: "endCall", phrases: FAREWELLS }],
    turnTaking: { endOfTurnMinMs: 600, endOfTurnMaxMs: 2000 },
    metadata: { example: "support" },
  });
}
