// A version whose health check fails on every machine: the pipeline is red, and says what each machine printed.
export const config = { version: "1.2.0-broken" };
