import * as cloudassistant from "@pulumi/cloudassistant";

const agent = new cloudassistant.Rollout("agent", {
  commandId: "c-install",
  resourceTags: { role: "web" },
  parameters: { version: "2.4.0" },
  waves: [1, "10%", "100%"],
  maxFailures: "1%",
});
export const status = agent.status;
export const failed = agent.failures;
