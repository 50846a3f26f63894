// Runs a PowerShell script on Windows machines, as the system or as a user of the machine.
import { Config } from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";

export = async () => {
  const config = new Config();
  // The password itself stays in OOS Parameter Store; the program knows its name alone.
  const user: InvocationArgs = config.get("username")
    ? { username: config.require("username"), windowsPasswordName: config.require("windowsPasswordName") }
    : {};
  const hotfixes = new Invocation("hotfixes", {
    commandId: config.get("commandId") ?? "c-hotfixes",
    instanceIds: config.getObject<string[]>("instanceIds") ?? ["i-win1", "i-win2"],
    triggers: [config.get("month") ?? "2026-11"],
    tags: { owner: config.get("owner") ?? "desktops" },
    ...user,
  });

  return {
    missing: hotfixes.results.apply((results) => Object.entries(results).map(([id, { output }]) => `${id}: ${output}`)),
  };
};
