// Rolls a version out over a fleet: one machine, then a tenth, half and all of it, and no further when it goes wrong.
import { Config } from "@pulumi/pulumi";
import { Rollout } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const rollout = new Rollout("agent", {
    commandId: config.get("commandId") ?? "c-install",
    resourceTags: { role: config.get("role") ?? "web" },
    parameters: { version: config.get("version") ?? "1.0.0" },
    maxFailures: "5%",
    // Whoever raises it in a pull request approves the next wave.
    through: config.getNumber("through") ?? 1,
  });

  return { status: rollout.status, succeeded: rollout.succeeded, held: rollout.held };
};
