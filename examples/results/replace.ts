// Asks again: the first command runs once more; what uses its results follows only if they have changed.
export const config = { round: "second" };
