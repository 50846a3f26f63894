import type { InstanceFact } from "../../../provider/rules/facts";
import {
  asHook,
  declareHook,
  describeHook,
  doneInstances,
  failedHook,
  machinesOf,
  presentInstances,
  typeFor,
} from "../../../provider/rules/hook";
import { formatOwner, identify, parseOwner } from "../../../provider/rules/identity";
import type { InvocationInputs } from "../../../provider/rules/inputs";
import { type InstanceResult, JOINED, type Results } from "../../../provider/rules/results";

const RESOURCE: InvocationInputs = {
  commandContent: "echo up",
  type: "RunBatScript",
  instanceIds: ["i-1"],
  regionId: "cn-hangzhou",
  repeatMode: "Period",
  frequency: "rate(1h)",
  username: "admin",
  workingDir: "/srv",
  timeout: 500,
  triggers: [1],
  tags: { a: "b" },
};

describe("the hook's own run", () => {
  const own = {
    username: "admin",
    workingDir: "/srv",
    regionId: "cn-hangzhou",
    repeatMode: "Once",
    instanceIds: ["i-2"],
  };

  it("is a script in the resource's place, and nothing else of it", () => {
    const inputs = declareHook({ commandContent: "echo gone", timeout: 20, parameters: { a: "" } }, RESOURCE, ["i-2"]);
    expect(inputs).toEqual({
      ...own,
      commandContent: "echo gone",
      type: "RunBatScript",
      timeout: 20,
      parameters: { a: "" },
    });
  });

  it("is a command, which has a type of its own", () => {
    expect(declareHook({ commandId: "c-1" }, RESOURCE, ["i-2"])).toEqual({ ...own, commandId: "c-1" });
  });

  it.each([
    [["linux"], "RunShellScript"],
    [["windows"], "RunPowerShellScript"],
    [[], "RunShellScript"],
  ] as const)("beside a command on %j is a %s", (systems, type) => {
    expect(typeFor(systems.map((osType) => ({ osType }) as InstanceFact))).toBe(type);
  });
});

describe("whose it is", () => {
  const identity = identify("urn:pulumi:dev::shop::type::web", "file://");

  it("is told by a tag of its own, of this life", () => {
    const hook = describeHook(identity, "t-1");
    const owner = parseOwner(formatOwner(hook.identity, hook.intention));
    expect(owner).toEqual({ ...hook.intention, resource: hook.identity.resource, name: "shop/dev/web onDelete" });
    expect(hook.identity.resource).not.toBe(identity.resource);
    expect(hook.identity.stack).toBe(identity.stack);
    expect(describeHook(identity, "t-2").intention).not.toEqual(hook.intention);
    expect(describeHook(identity, "t-1")).toEqual(hook);
  });
});

const result = (fields: Partial<InstanceResult>): InstanceResult => ({
  status: "Success",
  output: "",
  dropped: 0,
  repeats: 1,
  invokeId: "t-1",
  ...fields,
});

it("runs where the resource has run", () => {
  expect(machinesOf({ "i-2": result({}), "i-1": result({ status: "Failed" }), "i-3": JOINED })).toEqual(["i-1", "i-2"]);
});

// [what happened, result, done, failed]
it.each<[string, Partial<InstanceResult>, boolean, boolean]>([
  ["succeeded", { finishTime: "t", exitCode: 0 }, true, false],
  ["runs", { status: "Running" }, false, false],
  ["failed", { status: "Failed", finishTime: "t", exitCode: 1 }, false, true],
  ["asked for a restart", { status: "Failed", finishTime: "t", exitCode: 194, exitEffect: "restart" }, true, false],
  ["was stopped", { status: "Terminated", finishTime: "t" }, false, true],
  ["has a silent agent", { status: "Aborted", finishTime: "t", errorCode: "ClientNotResponse" }, false, true],
  ["is off", { status: "Aborted", errorCode: "InstanceNotRunning" }, true, false],
  ["is gone", { status: "Aborted", errorCode: "InstanceNotExists" }, true, false],
  ["was released on the way", { status: "Error", finishTime: "t", errorCode: "InstanceReleased" }, true, false],
])("a machine that %s", (_, fields, done, failed) => {
  const results: Results = { "i-1": result(fields) };
  expect([doneInstances(results), failedHook(results)]).toEqual([done ? ["i-1"] : [], failed ? ["i-1"] : []]);
});

it("leaves out what is gone or off, as far as that was told", () => {
  const fact = (status: string) => ({ status }) as InstanceFact;
  const ids = ["i-1", "i-2", "i-3", "i-4", "mi-1"];
  const instances = new Map([
    ["i-1", fact("Running")],
    ["i-2", fact("Stopped")],
    ["i-3", fact("Starting")],
  ]);
  expect(presentInstances(ids, instances)).toEqual(["i-1", "i-3", "mi-1"]);
  expect(presentInstances(ids, undefined)).toEqual(ids);
});

it("says what is wrong as the hook's own, and nothing twice", () => {
  const unfit = "instanceIds must name instances that can run the command, but 1 of 1 cannot: why";
  const failures = [
    { property: "parameters", reason: "parameters must" },
    { property: "instanceIds", reason: unfit },
  ];
  expect(asHook({ failures, warnings: ["the script has", "not asked"], notReady: [] }, ["not asked"])).toEqual({
    failures: [
      { property: "onDelete", reason: "onDelete.parameters must" },
      { property: "onDelete", reason: "onDelete must be what its instances can run, but 1 of 1 cannot: why" },
    ],
    warnings: ["onDelete: the script has"],
  });
});
