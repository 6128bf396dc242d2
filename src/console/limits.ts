/** The lists an agent chooses from: who waits, whom I serve, everything that is not resolved, everything that is. */
export const views = ['queue', 'mine', 'all', 'resolved'] as const;
export type View = (typeof views)[number];

/** The longest message or note an agent may send, in UTF-16 units: `longestText` of the desk. */
export const maxText = 8000;

/** How many conversations a list gives at most. */
export const listLimit = 100;

/** How far a list's counts go: so many or more. */
export const countLimit = 1000;

/** How many other conversations of a customer stand beside one. */
export const pastLimit = 20;

/** How many suggestions a customer's message gets, and how many articles a search finds. */
export const suggestionLimit = 3;
export const foundLimit = 10;

/** The longest text of an article that is given to insert, in UTF-16 units. */
export const maxInsert = 2000;

/** How many conversations can be assigned at once. */
export const bulkLimit = 100;

/** The most bytes an agent's file may have. */
export const maxUpload = 10 * 1024 * 1024;

/** How many files a message may carry. */
export const maxAttachments = 5;

/** The longest search, in UTF-16 units, as in handoff/search. */
export const maxSearch = 100;

/** How many messages one search gives at most. */
export const searchLimit = 30;

/** How many deliveries that were given up are shown. */
export const deadLimit = 100;

/** How many tasks, broken promises and promises at risk the board shows. */
export const boardLimit = 50;

/** How many entries one read gives at most. */
export const entriesLimit = 200;

/** The longest wording that is proposed for an article or written into one, in UTF-16 units: a question, no letter. */
export const maxWording = 200;

/** The longest question that can be explained, in UTF-16 units: nobody reads a longer one. */
export const maxQuestion = 2000;

/** How many content gaps and how many proposed wordings one read gives at most. */
export const gapsLimit = 100;
export const proposalsLimit = 200;
