// Lets other resources use what a command found out: its exit code on each machine, and what it printed.
import { Config } from "@pulumi/pulumi";
import { Invocation } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  const instanceIds = ["i-db1", "i-db2"];

  // Exit code 0 on the leader, 1 on a follower: an answer, not a failure of the update.
  const role = new Invocation("role", {
    commandId: "c-role",
    instanceIds,
    onFailure: config.get<"warn" | "fail">("onFailure") ?? "warn",
    triggers: [config.get("round") ?? "first"],
    maxOutputBytes: config.getNumber("maxOutputBytes") ?? 1024,
  });
  const leader = role.results.apply(
    (results) => instanceIds.find((id) => results[id]?.exitCode === 0) ?? "nobody leads",
  );

  const follow = new Invocation("follow", {
    commandId: "c-follow",
    instanceIds: ["i-web1"],
    parameters: { leader: role.results.apply((results) => results["i-db1"]?.output.trim() ?? "") },
  });

  return { leader, told: follow.results.apply((results) => results["i-web1"]?.output.trim()) };
};
