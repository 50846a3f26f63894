import { parseCommandSeed, parseFixtures, parseInstancePatch, parseInstanceSeed } from "../../emulator/seed";

describe("an instance", () => {
  test.each([
    {},
    { instanceId: "i-a", instanceName: "web", status: "Stopped", osType: "windows", networkType: "classic" },
    { zoneId: "cn-hangzhou-h", timeZone: "Europe/London", startTime: "2026-06-01T00:00:00Z", tags: { role: "web" } },
    { agent: { online: false, version: "2.2.3.540", lastHeartbeatTime: "2026-06-01T00:00:00Z" } },
    { outcomes: { "*": { exitCode: 1, output: "no", durationMs: 5 } } },
  ])("%j", (seed) => {
    expect(parseInstanceSeed(seed, "x")).toEqual(seed);
  });

  test.each<[unknown, string]>([
    [[], "instances[0] must be an object"],
    [null, "instances[0] must be an object"],
    [
      { os: "linux" },
      'instances[0] must have no property "os": known are instanceName, status, osType, networkType, zoneId, resourceGroupId, tags, agent, instanceId, timeZone, startTime, outcomes',
    ],
    [{ osType: "Linux" }, 'instances[0] must have one of "linux", "windows" as "osType": current value is "Linux"'],
    [
      { instanceId: "web-1" },
      'instances[0] must have "i-" or "mi-" and 1 to 64 letters or digits as "instanceId": current value is "web-1"',
    ],
    [{ timeZone: "Mars/Base" }, 'instances[0] must have an IANA time zone as "timeZone": current value is "Mars/Base"'],
    [{ startTime: "noon" }, 'instances[0] must have an instant in ISO 8601 as "startTime": current value is "noon"'],
    [{ tags: { n: 1 } }, 'instances[0] must have an object of strings as "tags": current value is {"n":1}'],
    [
      { agent: { online: "no" } },
      'instances[0] has a property "agent" that must have true or false as "online": current value is "no"',
    ],
    [
      { outcomes: { "*": { exitCode: "1" } } },
      'instances[0] has a property "outcomes" that has a property "*" that must have a whole number as "exitCode": current value is "1"',
    ],
  ])("%j is refused", (seed, message) => {
    expect(() => parseInstanceSeed(seed, "instances[0]")).toThrow(new RangeError(message));
  });
});

test("a patch cannot change what makes a machine itself", () => {
  expect(parseInstancePatch({ status: "Stopped" }, "x")).toEqual({ status: "Stopped" });
  expect(() => parseInstancePatch({ instanceId: "i-b" }, "The body")).toThrow(
    new RangeError(
      'The body must have no property "instanceId": known are instanceName, status, osType, networkType, zoneId, resourceGroupId, tags, agent',
    ),
  );
});

describe("a command", () => {
  test("with everything", () => {
    const seed = {
      commandId: "c-1",
      name: "n",
      type: "RunBatScript",
      content: "ver",
      timeoutSeconds: 10,
      parameterDefinitions: [{ name: "p", required: true, possibleValues: ["a"] }],
      provider: "AlibabaCloud.ECS",
    };
    expect(parseCommandSeed(seed, "x")).toEqual(seed);
  });

  test.each<[unknown, string]>([
    [{ content: "echo 1" }, 'commands[0] must have a property "name": it has none'],
    [{ name: "n" }, 'commands[0] must have a property "content": it has none'],
    [
      { name: "n", content: "", type: "RunPython" },
      'commands[0] must have one of "RunShellScript", "RunBatScript", "RunPowerShellScript" as "type": current value is "RunPython"',
    ],
    [
      { name: "n", content: "", parameterDefinitions: [{ name: "p" }, { name: 1 }] },
      'commands[0] has a property "parameterDefinitions" that has an element that must have a string as "name": current value is 1',
    ],
    [
      { name: "n", content: "", timeoutSeconds: 0.5 },
      'commands[0] must have a whole number of seconds, 1 or more as "timeoutSeconds": current value is 0.5',
    ],
  ])("%j is refused", (seed, message) => {
    expect(() => parseCommandSeed(seed, "commands[0]")).toThrow(new RangeError(message));
  });
});

describe("fixtures", () => {
  test("a whole file", () => {
    const fixtures = {
      region: "cn-beijing",
      regions: ["cn-shanghai"],
      instances: [{}],
      commands: [{ name: "n", content: "c" }],
      choices: { statuses: "2021" },
      quotas: { commands: 5 },
    };
    expect(parseFixtures(JSON.stringify(fixtures))).toEqual(fixtures);
    expect(parseFixtures(`\uFEFF${JSON.stringify(fixtures)}`)).toEqual(fixtures);
  });

  test.each<[string, RegExp]>([
    ["{", /^The file must be JSON: /],
    ["[]", /^The file must be an object$/],
    [
      '{"machines":[]}',
      /^The file must have no property "machines": known are region, regions, instances, commands, outcomes, choices, quotas$/,
    ],
    [
      '{"choices":{"statuses":2021}}',
      /^The file has a property "choices" that must have one of "current", "2021" as "statuses": current value is 2021$/,
    ],
    [
      '{"quotas":{"commands":-1}}',
      /^The file has a property "quotas" that must have a whole number, 0 or more as "commands": current value is -1$/,
    ],
    ['{"regions":[1]}', /^The file must have a list of strings as "regions": current value is \[1\]$/],
    ['{"instances":{}}', /^The file must have a list as "instances": current value is \{\}$/],
    [
      '{"instances":[{},{"status":"Up"}]}',
      /^instances\[1\] must have one of "Pending", .* as "status": current value is "Up"$/,
    ],
  ])("%s is refused", (json, message) => {
    expect(() => parseFixtures(json)).toThrow(message);
  });
});
