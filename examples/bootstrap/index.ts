// Creates machines, and runs a script once on each of them. One Invocation for all: a machine that joins later runs it alone,
// and the others keep their results.
import { ecs } from "@pulumi/alicloud";
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const names = config.getObject<string[]>("machines") ?? ["web1", "web2"];
  const packages = config.get("packages") ?? "nginx";

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
    commandContent: "yum install --assumeyes {{packages}}",
    parameters: { packages },
    instanceIds: machines.map(({ id }) => id),
    timeout: 300,
    // A new machine boots and starts its agent first.
    agentTimeout: 600,
  });

  return { results: bootstrap.results };
};
