import type { Journal } from "./journal.ts";

const TRIES = 3;

/** Stores what a call has written. What can't be stored now stays with the journal, which goes on trying. Never rejects. */
export async function flushStubbornly(journal: Journal): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const isStored = await journal.flush().then(
      () => true,
      () => false,
    );
    if (isStored) return;
  }
}
