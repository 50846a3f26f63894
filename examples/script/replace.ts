// Another script: it runs on every machine.
export const config = { script: "uname -s" };
