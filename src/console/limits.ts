/** The lists an agent chooses from: who waits, whom I serve, everything that is not resolved, everything that is. */
export const views = ['queue', 'mine', 'all', 'resolved'] as const;
export type View = (typeof views)[number];

/** The longest message or note an agent may send, in UTF-16 units: `longestText` of the desk. */
export const maxText = 8000;

/** How many conversations a list gives at most; a count that reaches it means so many or more. */
export const listLimit = 100;

/** How many entries one read gives at most. */
export const entriesLimit = 200;

/** The longest wording that is proposed for an article or written into one, in UTF-16 units: a question, no letter. */
export const maxWording = 200;

/** The longest question that can be explained, in UTF-16 units: nobody reads a longer one. */
export const maxQuestion = 2000;

/** How many content gaps and how many proposed wordings one read gives at most. */
export const gapsLimit = 100;
export const proposalsLimit = 200;
