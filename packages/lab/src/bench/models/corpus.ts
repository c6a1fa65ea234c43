/** What callers say to a front desk: the sentences that the speech models are measured with. */
export const SENTENCES: readonly string[] = [
  "Hello, I would like to book a table for four people tonight.",
  "Could you tell me what time you open on Saturday?",
  "I need to move my appointment to next Tuesday morning.",
  "My order number is seven four two nine.",
  "The package arrived yesterday, but one of the boxes was broken.",
  "Can I speak to somebody in the billing department, please?",
  "I was charged twice for the same invoice last month.",
  "Please cancel my subscription at the end of the year.",
  "Is there parking near the clinic, and is it free?",
  "My name is Margaret, and I am calling about the apartment.",
  "The internet has been down since three o'clock this afternoon.",
  "How much would it cost to repair the washing machine?",
  "Yes, that is correct, thank you very much.",
  "No, I don't have the reference number with me.",
  "You can reach me on my mobile after six in the evening.",
  "I forgot my password and the reset link does not work.",
  "Do you deliver to the other side of the river?",
  "My daughter has a fever, and we would like to see the doctor today.",
  "Could you send the contract to my office by Friday?",
  "That's all for now, have a nice day, goodbye.",
];

/** What an agent answers: the text that synthesis is timed with. */
export const REPLY =
  "Thank you for calling. I have found your booking for Friday at seven in the evening, for four people. " +
  "Would you like me to change anything, or shall I send you a confirmation by text message?";
