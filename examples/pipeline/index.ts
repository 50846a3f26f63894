// Installs a version on every machine that carries a tag, once for each version that is merged.
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const version = config.get("version") ?? "1.0.0";
  const deploy = new Invocation("deploy", {
    commandId: config.get("commandId") ?? "c-deploy",
    resourceTags: { role: config.get("role") ?? "web" },
    parameters: { version },
    tags: { commit: config.get("commit") ?? "none" },
  });

  return {
    deployed: deploy.results.apply((results) => Object.values(results).map(({ output }) => output.trim())),
  };
};
