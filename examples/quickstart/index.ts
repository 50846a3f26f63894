// Runs a command on machines now, and again every night. Without configuration it names the command and the machines of
// emulator.json; give it your own:
//
//   pulumi config set commandId c-hz0…
//   pulumi config set --path 'instanceIds[0]' i-bp1…
//   pulumi config set frequency '0 30 3 * * ? Asia/Shanghai'
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const commandId = config.get("commandId") ?? "c-quickstart";
  const instanceIds = config.getObject<string[]>("instanceIds") ?? ["i-web1", "i-web2", "i-db1"];
  const frequency = config.get("frequency") ?? "0 0 2 * * ? Asia/Shanghai";

  const now = new Invocation("now", { commandId, instanceIds });
  const nightly = new Invocation("nightly", { commandId, instanceIds, frequency });

  return {
    invokeIds: { now: now.invokeId, nightly: nightly.invokeId },
    printed: now.results.apply((results) => Object.values(results).map(({ output }) => output.trim())),
    nightlyStatus: nightly.status,
  };
};
