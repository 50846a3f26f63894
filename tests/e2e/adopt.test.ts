// A live schedule that changes hands, and whoever had it before did not let go.
import path from "node:path";
import { ecs } from "@pulumi/alicloud";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { onEngine } from "./engine";
import { openStage, type Stage } from "./stage";

const NIGHTLY = {
  commandId: "c-count",
  instanceIds: ["i-a", "i-b"],
  frequency: "0 0 2 * * ? Asia/Shanghai",
  parameters: { word: "nightly" },
  timeout: 60,
};

const REAL_PATH = process.env.PATH ?? "";

onEngine("a schedule that is adopted while its old resource still stands for it", () => {
  let stage: Stage;

  beforeEach(async () => {
    // In front of the real one, if there is one.
    process.env.PATH = `${path.join(__dirname, "alicloud")}${path.delimiter}${REAL_PATH}`;
    stage = await openStage();
  });

  afterEach(async () => {
    await stage.stop();
    process.env.PATH = REAL_PATH;
  });

  const invocation = (name: string, args: InvocationArgs) => async () => {
    new Invocation(name, args);
  };
  const ids = async () => (await stage.live()).map(({ invokeId }) => invokeId);

  test("an EcsInvocation stops it: the adoption warns, and the next refresh and up start it anew", async () => {
    const { engine } = stage;
    await engine.up(async () => {
      new ecs.EcsInvocation("before", { ...NIGHTLY, repeatMode: "Period" });
    });
    const adopt = (await engine.resources()).before?.id ?? "";
    expect(await ids()).toEqual([adopt]);

    const takingOver = invocation("nightly", { ...NIGHTLY, adopt });
    const warning = `warning nightly: if another resource stands for invocation "${adopt}" so far, such as an EcsInvocation, give that one retainOnDelete: true before it is taken out of its program, since its delete stops the invocation`;
    expect((await engine.preview(takingOver)).diagnostics).toContain(warning);
    const adopted = await engine.up(takingOver);
    expect(adopted.steps).toEqual(["create nightly", "delete before"]);
    expect(adopted.diagnostics).toContain(warning);
    expect(await ids()).toEqual([]);

    await engine.refresh();
    const repaired = await engine.up(takingOver);
    expect(repaired.diagnostics).toContain(
      `info nightly: replaced: invocation "${adopt}" was stopped from outside: a new one is started`,
    );
    expect(repaired.succeeded).toBe(true);
    expect(await ids()).toEqual([(await engine.resources()).nightly?.id]);
    await engine.destroy();
    expect(await ids()).toEqual([]);
  });

  test("an Invocation of the same stack lets go of it in the same update, and says so: the state is true", async () => {
    const { engine } = stage;
    await engine.up(invocation("before", NIGHTLY));
    const adopt = (await engine.resources()).before?.id ?? "";
    const adopted = await engine.up(invocation("nightly", { ...NIGHTLY, adopt }));
    expect(adopted.succeeded).toBe(true);
    expect(adopted.diagnostics).toContain(
      `warning before: invocation "${adopt}" is not stopped: resource "nightly" goes on with it, since adopt names it or nothing had shown yet that its id was saved; to have it run again, use \`pulumi up --refresh --replace <urn>\`, change triggers, or remove adopt`,
    );
    expect(await ids()).toEqual([adopt]);
    await engine.refresh();
    expect((await engine.up(invocation("nightly", { ...NIGHTLY, adopt }))).steps).toEqual(["same nightly"]);
    expect(await stage.countInvocations()).toBe(1);
    await engine.destroy();
    expect(await ids()).toEqual([]);
  });

  test("an Invocation of another stack is named before it stops it", async () => {
    const { engine } = stage;
    const other = await stage.beside();
    await other.up(invocation("before", NIGHTLY));
    const adopt = (await other.resources()).before?.id ?? "";
    const adopted = await engine.up(invocation("nightly", { ...NIGHTLY, adopt }));
    expect(adopted.diagnostics).toContain(
      `warning nightly: resource "story/dev/before" stands for invocation "${adopt}" so far: give that one retainOnDelete: true before it is taken out of its program, since its delete stops the invocation`,
    );
    await other.destroy();
    expect(await ids()).toEqual([]);
    await engine.refresh();
    expect((await engine.up(invocation("nightly", { ...NIGHTLY, adopt }))).succeeded).toBe(true);
    expect(await ids()).toEqual([(await engine.resources()).nightly?.id]);
    await engine.destroy();
    expect(await ids()).toEqual([]);
  });
});
