// A version that fails: it stops after the canary, and all other machines stay as they are.
export const config = { version: "1.2.0-broken", through: "4" };
