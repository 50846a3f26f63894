// Creates machines and a command, and runs the command once on each machine. One Invocation for each, so that a new machine
// does not run it again on the others.
import { ecs } from "@pulumi/alicloud";
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const machines = config.getObject<string[]>("machines") ?? ["web1", "web2"];
  const packages = config.get("packages") ?? "nginx";

  const bootstrap = new ecs.Command("bootstrap", {
    type: "RunShellScript",
    commandContent: Buffer.from("yum install --assumeyes {{packages}}").toString("base64"),
    enableParameter: true,
    timeout: 300,
  });

  const results = machines.map((name) => {
    const machine = new ecs.Instance(name, {
      imageId: "aliyun_3_x64_20G_alibase_20240819.vhd",
      instanceType: "ecs.e-c1m1.large",
      vswitchId: config.require("vswitchId"),
      securityGroups: config.requireObject<string[]>("securityGroups"),
    });
    return new Invocation(name, {
      commandId: bootstrap.id,
      instanceIds: [machine.id],
      parameters: { packages },
      // A new machine boots and starts its agent first.
      agentTimeout: 600,
    }).results;
  });

  return { results };
};
