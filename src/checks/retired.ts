/** Ids that a check once had: never used again, so that a suppression or a link never comes to mean something else. */
export const retiredIds: readonly string[] = []
