// The service cannot change a timeout of a live schedule: the old one is stopped, then a new one is set.
export const config = { timeout: "600" };
