/**
 * For pRetry, of a commit that another has overtaken: what was read is read and worked out anew. Each such time is one commit
 * that went through, so it ends; the pauses let those that race come apart.
 */
export const RACE = { retries: 20, minTimeout: 10, maxTimeout: 250, factor: 1.5, randomize: true } as const;
