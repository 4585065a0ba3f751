/** What a server must have done to be healthy, from the least to the most. */
export const requirements = ['connect', 'answer', 'handshake'] as const;
/** One requirement. */
export type Requirement = (typeof requirements)[number];
