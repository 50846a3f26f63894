// Another command: what is over runs anew, and the live schedule is stopped before the other one is set.
export const config = { commandId: "c-uptime" };
