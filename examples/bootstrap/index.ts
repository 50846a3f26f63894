// Creates machines and a command, and runs the command once on each machine. One Invocation for all of them: a machine that
// joins later runs it alone, and the others keep their results.
import { ecs } from "@pulumi/alicloud";
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const names = config.getObject<string[]>("machines") ?? ["web1", "web2"];
  const packages = config.get("packages") ?? "nginx";

  const install = new ecs.Command("install", {
    type: "RunShellScript",
    commandContent: Buffer.from("yum install --assumeyes {{packages}}").toString("base64"),
    enableParameter: true,
    timeout: 300,
  });

  const machines = names.map(
    (name) =>
      new ecs.Instance(name, {
        imageId: "aliyun_3_x64_20G_alibase_20240819.vhd",
        instanceType: "ecs.e-c1m1.large",
        vswitchId: config.require("vswitchId"),
        securityGroups: config.requireObject<string[]>("securityGroups"),
      }),
  );

  const bootstrap = new Invocation("bootstrap", {
    commandId: install.id,
    instanceIds: machines.map(({ id }) => id),
    parameters: { packages },
    // A new machine boots and starts its agent first.
    agentTimeout: 600,
  });

  return { results: bootstrap.results };
};
