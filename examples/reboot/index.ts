// Mounts the data disk at every boot of the machines.
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const mount = new Invocation("mount", {
    commandId: config.get("commandId") ?? "c-mount",
    instanceIds: config.getObject<string[]>("instanceIds") ?? ["i-db1"],
    repeatMode: config.get<"EveryReboot" | "NextRebootOnly">("repeatMode") ?? "EveryReboot",
    parameters: { folder: config.get("folder") ?? "data" },
  });

  return { invokeId: mount.invokeId, status: mount.status };
};
