// A script that fails: the update fails with what it printed, and the next one runs it again where it failed.
export const config = { script: "echo no space left; exit 28" };
