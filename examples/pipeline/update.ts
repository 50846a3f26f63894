// A commit that leaves the version as it is: it is written on the invocation, and nothing runs.
export const config = { commit: "4f1c2ab" };
