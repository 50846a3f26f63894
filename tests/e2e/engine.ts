// The real engine for stories, where there is one.
export { type Engine, openEngine, openYamlEngine, type Report, type StateResource } from "../../tools/pulumi/engine";

/** `describe`, where there is an engine. */
export const onEngine = process.env.PULUMI_UNAVAILABLE === undefined ? describe : describe.skip;

/** The same, where there is also what runs a program in YAML. */
export const onYaml = process.env.PULUMI_YAML_UNAVAILABLE === undefined ? onEngine : describe.skip;

// A story is a dozen operations of some seconds each, and a machine may be slow.
jest.setTimeout(180_000);
