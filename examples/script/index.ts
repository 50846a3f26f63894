// Runs a script on machines. It runs again when it changes, and on a machine that joins.
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const setup = new Invocation("setup", {
    commandContent: config.get("script") ?? 'echo "{{ACS::InstanceId}} is set up"',
    instanceIds: config.getObject<string[]>("instanceIds") ?? ["i-web1", "i-web2"],
  });

  return { printed: setup.results.apply((results) => Object.values(results).map(({ output }) => output.trim())) };
};
