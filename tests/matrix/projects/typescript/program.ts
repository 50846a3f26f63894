import { Config } from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import type { InstanceSeed } from "pulumi-cloud-assistant/emulator";

const machines = [{ instanceId: "i-life1" }, { instanceId: "i-life2" }] satisfies InstanceSeed[];

export = async () => {
  const place: InvocationArgs = { commandId: "c-life", instanceIds: machines.map(({ instanceId }) => instanceId) };
  const now = new Invocation("now", place);
  const nightly = new Invocation("nightly", { ...place, frequency: new Config().require("frequency") });
  return {
    printed: now.results.apply((results) => Object.values(results).map(({ output }) => output.trim())),
    nightly: nightly.invokeId,
    frequency: nightly.frequency,
  };
};
