// What a preview says of a rollout: the plan and the risk, the whole fleet's preflight in few calls, and what comes next.
import type { InstanceSeed } from "../../../../emulator";
import { openService, type Service } from "../service";
import { declareFleet, type Fleet } from "./fleet";

let service: Service;
let commandId: string;

const idsOf = (n: number) => Array.from({ length: n }, (_, i) => `i-${i}`);

async function open(n: number, seeds: Record<string, InstanceSeed> = {}) {
  service = await openService({
    instances: idsOf(n).map((instanceId) => ({
      instanceId,
      outcomes: { "*": {}, picky: { exitCode: instanceId === "i-3" ? 2 : 0 } },
      ...seeds[instanceId],
    })),
  });
  commandId = service.addCommand("install", { name: "install" });
  service.calls();
}

afterEach(() => service.stop());

const orderOf = ({ outputs }: Fleet): string[] =>
  String((outputs.__record as { machines: string }).machines).split(" ");

const RISK =
  "wave 1: 1 machine; wave 2: 99; wave 3: 400; wave 4: 500; stops when more than 5 of 1000 fail, or one in wave 1; at worst 99 machines have failed by the end of wave 2, 405 of wave 3, 505 of wave 4";

it("says plan and risk of a thousand machines in some thirty calls, and runs nothing", async () => {
  await open(1000);
  const fleet = declareFleet(service);
  const { did, said } = await fleet.preview({ commandId, instanceIds: idsOf(1000), maxFailures: 5 });
  expect([did, said]).toEqual(["create", [RISK]]);
  const calls = service.calls();
  expect(calls.filter((call) => !call.startsWith("Describe"))).toEqual([]);
  expect(calls.length).toBeLessThan(36);
});

it("refuses, all at once, what would not work", async () => {
  await open(4, { "i-2": { osType: "windows" } });
  const fleet = declareFleet(service);
  const { did, reasons } = await fleet.preview({
    commandId,
    instanceIds: idsOf(4),
    parameters: { a: "b" },
    check: { commandId: "c-none" },
  });
  expect([did, reasons]).toEqual([
    "refused",
    [
      'parameters must not be given for a command that takes none: command "c" was created without EnableParameter; set enableParameter on it, or remove parameters',
      'instanceIds must name instances that can run the command, but 1 of 4 never can as they are: "i-2": runs Windows, and the command is a RunShellScript; use a PowerShell or Bat command there',
      expect.stringMatching(/^check is wrong: commandId must name a command that exists: there is no "c(-none)?"/),
    ],
  ]);
});

it("says what is wrong with how it goes, and what a rollout does not take", async () => {
  await open(2);
  const { reasons } = await declareFleet(service).preview({
    commandId,
    instanceIds: ["i-0", "i-1"],
    waves: [5, 2, "100%"],
    adopt: "t-1",
    maxFailure: 3,
  } as object);
  expect(reasons).toEqual([
    "adopt is not an input of Rollout: a rollout takes nothing over; remove it",
    'maxFailure is not an input of Rollout; write "maxFailures"',
    "waves must rise, since each is the number of machines that have had their turn by then: 2 comes after 5",
  ]);
});

it("refuses a check whose script the service would not take", async () => {
  await open(1);
  const { reasons } = await declareFleet(service).preview({
    commandId,
    instanceIds: ["i-0"],
    check: { commandContent: "echo {{word}}", parameters: { other: "x" } },
  });
  expect(reasons).toEqual([
    'check is wrong: parameters must hold only what stands in {{…}} in the script: "other" is not among "word"; correct the spelling, or remove it',
  ]);
});

it("says which machines are not ready, and what that means", async () => {
  await open(4, { "i-1": { status: "Stopped" }, "i-2": { agent: { version: "" } } });
  const { said } = await declareFleet(service).preview({ commandId, instanceIds: idsOf(4), maxFailures: 2 });
  expect(said.slice(0, 3)).toEqual([
    'warning: 2 of 4 instances are not ready; one that is not by its turn counts as a failure (unready is "fail")',
    'warning: "i-1": is Stopped, not Running; start it first',
    'warning: "i-2": has no Cloud Assistant agent; install it (InstallCloudAssistant, then a reboot), or start it',
  ]);
});

it("tries it with its tags where it is told to, and refuses without the permission to tag", async () => {
  await open(2);
  service.emulator.inject({ action: "InvokeCommand", kind: "forbidden", times: 1 });
  const { did, reasons } = await declareFleet(service).preview({ commandId, instanceIds: idsOf(2), dryRun: true });
  expect([did, reasons]).toEqual([
    "refused",
    [
      expect.stringMatching(
        /^Cannot roll out command "c", as a dry run.*grant "ecs:InvokeCommand" and "ecs:TagResources"$/,
      ),
    ],
  ]);
});

it("names the machines that come next of a rollout that stopped, and of one whose through is raised", async () => {
  await open(8);
  const picky = service.addCommand("picky", { name: "picky" });
  const fleet = declareFleet(service);
  const declared = { commandId: picky, instanceIds: idsOf(8), waves: [2, "100%"], first: ["i-3"] };
  expect((await fleet.up(declared)).status).toBe("Stopped");
  const stopped = await fleet.preview(declared);
  expect([stopped.did, stopped.said]).toEqual([
    "update",
    [
      expect.stringMatching(
        /^runs again on 1 machine that failed \("i-3"\); goes on with wave 2: 6 machines \(("i-\d"(, )?){6}\); stops when one of 8 fails; /,
      ),
    ],
  ]);
  const other = declareFleet(service);
  await other.up({ ...declared, commandId, through: 1 });
  expect((await other.preview({ ...declared, commandId, through: 1 })).did).toBe("same");
  const raised = await other.preview({ ...declared, commandId });
  expect(raised.said).toEqual([expect.stringMatching(/^goes on with wave 2: 6 machines \(/)]);
  // A machine that is to come first now does, in a wave that has not begun.
  const first = orderOf(other).slice(-2);
  const reordered = await other.preview({ ...declared, commandId, waves: [2, 4, "100%"], first, through: 2 });
  expect(reordered.said[0]).toContain(`goes on with wave 2: 2 machines ("${first.join(`", "`)}")`);
});

it("resolves tags when a generation begins, and sees at a refresh who joined and who left", async () => {
  await open(6, Object.fromEntries(["i-1", "i-2", "i-3"].map((id) => [id, { tags: { role: "web" } }])));
  const fleet = declareFleet(service);
  const declared = { commandId, resourceTags: { role: "web" } };
  expect((await fleet.up(declared)).status).toBe("Succeeded");
  expect(fleet.outputs.total).toBe(3);
  service.emulator.updateInstance("i-4", { tags: { role: "web" } });
  service.emulator.updateInstance("i-1", { tags: {} });
  expect((await fleet.up(declared)).did).toBe("same");
  await fleet.resource.refresh();
  const seen = await fleet.preview(declared);
  expect([seen.did, seen.said.slice(0, 2)]).toEqual(["update", ['1 instance joined: "i-4"', '1 instance left: "i-1"']]);
  service.calls();
  await fleet.up(declared);
  expect(service.calls().filter((call) => call.startsWith("Invoke"))).toEqual(["InvokeCommand on 4 tagged run"]);
  expect(fleet.outputs).toMatchObject({ total: 3, succeeded: 3 });
  expect((await fleet.up(declared)).did).toBe("same");
});
