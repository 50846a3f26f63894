// Only the next boot from now on: another kind of run, so the old one is stopped and a new one set.
export const config = { repeatMode: "NextRebootOnly" };
