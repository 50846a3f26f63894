// Rotates logs every night, at an hour of the zone that it names, whatever zone the machines are in.
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const rotate = new Invocation("rotate", {
    commandId: config.get("commandId") ?? "c-rotate",
    instanceIds: config.getObject<string[]>("instanceIds") ?? ["i-web1", "i-web2"],
    frequency: config.get("frequency") ?? "0 0 2 * * ? Asia/Shanghai",
    timeout: config.getNumber("timeout") ?? 60,
  });

  return { invokeId: rotate.invokeId, frequency: rotate.frequency, status: rotate.status };
};
