/** Numbers in a sentence's vector. */
export const EMBEDDING_DIMENSIONS = 512;
