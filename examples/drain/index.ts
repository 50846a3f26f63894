// Adds a machine to a load balancer's list, and takes it out again before the machine goes: onDelete runs when the resource is
// deleted, and before what replaces it runs.
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const file = "upstreams.conf";
  // One resource for each machine behind the balancer, so that one that leaves is drained alone.
  const servers = config.getObject<string[]>("servers") ?? ["10.0.0.1", "10.0.0.2"];
  const listed = servers.map(
    (server) =>
      new Invocation(`server-${server}`, {
        commandContent: `echo "server ${server}:${config.get("port") ?? "8080"};" >> ${file}\ncat ${file}`,
        instanceIds: [config.get("balancer") ?? "i-balancer"],
        onDelete: {
          commandContent: `sed -i "/server ${server}:/d" ${file}`,
          timeout: config.getNumber("drainTimeout") ?? 60,
        },
      }),
  );

  return { statuses: listed.map(({ status }) => status) };
};
