// Another owner: the tag on the invocation changes, and the script does not run again.
export const config = { owner: "security" };
