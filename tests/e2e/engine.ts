// The real engine for stories, where there is one.
export { type Engine, openEngine, type Report, type StateResource } from "../../tools/pulumi/engine";

/** `describe`, where there is an engine. */
export const onEngine = process.env.PULUMI_UNAVAILABLE === undefined ? describe : describe.skip;

// A story is a dozen operations of some seconds each, and a machine may be slow.
jest.setTimeout(180_000);
