// Another month: a trigger runs the script again on every machine.
export const config = { month: "2026-12" };
