// The next version goes over the whole fleet again, wave by wave.
export const config = { version: "1.1.0", through: "4" };
