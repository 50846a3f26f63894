// Now exit code 1 fails the update, with the machine, its reason and its last lines.
export const config = { onFailure: "fail", round: "third" };
