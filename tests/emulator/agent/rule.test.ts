import { findByRule, type OutcomeRule } from "../../../emulator/agent/rule";

const asked = (instanceId: string, tags: Record<string, string> = {}, commandName = "install") => ({
  instanceId,
  tags: new Map(Object.entries(tags)),
  commandName,
  content: "make install",
});

test.each<[string, OutcomeRule, ReturnType<typeof asked>, boolean]>([
  ["every machine", {}, asked("i-1"), true],
  ["its command by name", { command: "install" }, asked("i-1"), true],
  ["its command by content", { command: "make install" }, asked("i-1"), true],
  ["another command", { command: "check" }, asked("i-1"), false],
  ["its tags", { tags: { role: "web" } }, asked("i-1", { role: "web", stage: "x" }), true],
  ["other tags", { tags: { role: "web" } }, asked("i-1", { role: "db" }), false],
  ["no tags", { tags: { role: "web" } }, asked("i-1"), false],
  ["none in a hundred", { percent: 0 }, asked("i-1"), false],
  ["all in a hundred", { percent: 100 }, asked("i-1"), true],
])("%s", (_, rule, machine, holds) => {
  expect(findByRule([rule], machine) !== undefined).toBe(holds);
});

it("the first that holds counts", () => {
  const rules = [{ command: "check" }, { exitCode: 1 }, { exitCode: 2 }];
  expect(findByRule(rules, asked("i-1"))).toEqual({ exitCode: 1 });
});

it("of ten thousand machines about three in a hundred fail, always the same ones", () => {
  const fails = () =>
    Array.from({ length: 10_000 }, (_, i) => `i-${i}`).filter((id) => findByRule([{ percent: 3 }], asked(id)));
  expect(fails().length).toBeGreaterThan(250);
  expect(fails().length).toBeLessThan(350);
  expect(fails()).toEqual(fails());
});
