import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export default async () => {
  const place = { commandId: "c-life", instanceIds: ["i-life1", "i-life2"] };
  const now = new Invocation("now", place);
  const nightly = new Invocation("nightly", { ...place, frequency: new Config().require("frequency") });
  return {
    printed: now.results.apply((results) => Object.values(results).map(({ output }) => output.trim())),
    nightly: nightly.invokeId,
    frequency: nightly.frequency,
  };
};
