import type { ToolDefinition, VariableDefinition } from "@earshot/engine";

export type TestAgent = {
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly variables: readonly VariableDefinition[];
};

const END_CALL: ToolDefinition = {
  name: "end_call",
  description: "Hangs up.",
  parameters: { type: "object", properties: {} },
};

export const DENTIST: TestAgent = {
  system: `You are the receptionist of Bloom Dental. Always be polite and keep answers short. Your name is Ava.
We are open Monday to Friday from nine to five. On Saturdays we are open from ten to two.
If the caller asks about whitening, say that whitening costs two hundred dollars.

# Notes
- Our address is 12 Harbour Street, next to the library.
- Parking behind the house is free.
- A cleaning costs eighty dollars and takes forty minutes.
- Dr. Lee and Dr. Gomez speak Spanish.
- We accept most dental insurances.
- For emergencies outside opening hours, call 555 0199.`,
  tools: [END_CALL],
  variables: [],
};

export const BOOKING: TestAgent = {
  system: `${DENTIST.system}`,
  tools: [
    END_CALL,
    {
      name: "find_slot",
      description: "Finds a free appointment.",
      parameters: { type: "object", properties: { day: { type: "string" } }, required: ["day"] },
      phrases: ["find a slot", "free appointment"],
    },
  ],
  variables: [
    { name: "full_name", type: "string" },
    { name: "day", type: "date", description: "Which day would you like to come?" },
    { name: "time", type: "time" },
    { name: "email", type: "email", isRequired: false },
  ],
};

export const RESTAURANT: TestAgent = {
  system: "You are the host at Trattoria Lina.\n\n# Notes\n- We serve lunch from noon to three.",
  tools: [
    END_CALL,
    {
      name: "book_table",
      description: "Books a table.",
      parameters: {
        type: "object",
        properties: {
          name: { type: "string" },
          people: { type: "integer" },
          time: { type: "string" },
          outside: { type: "boolean" },
        },
        required: ["name", "people", "time"],
      },
      phrases: ["book a table", "table for"],
    },
    {
      name: "transfer_to_human",
      description: "Hands the call over.",
      parameters: { type: "object", properties: {} },
      phrases: ["talk to a human", "speak to someone"],
    },
  ],
  variables: [{ name: "name", type: "string" }],
};

export const EMPTY: TestAgent = { system: "", tools: [], variables: [] };

export const LIBRARY: TestAgent = {
  system: "You are the receptionist of Bloom Dental.\n\n# Notes\n- We are open from nine to five.",
  tools: [
    END_CALL,
    {
      name: "look_up",
      description: "Looks things up.",
      parameters: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
      isLookUp: true,
    },
  ],
  variables: [],
};
