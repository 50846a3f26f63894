// What is secret by marks that stand deeper than a name; all else is in ../secrecy.test.ts.
import { keepArguments, keepMarked } from "../../../../provider/fronts/plugin/secrecy";
import type { Marks } from "../../../../provider/fronts/plugin/secrets";

const INPUTS = {
  commandId: "c-1",
  parameters: { password: "hunter22", user: "swordfish" },
  tags: { team: "team-secret", stage: "production" },
  results: { "i-1": { status: "Failed", output: "hunter22" } },
};

// [what is marked, said, shown]
test.each<[Marks, string, string]>([
  [{ parameters: { password: true } }, "hunter22 of swordfish", "[hidden] of swordfish"],
  [{ tags: { team: true } }, "team: team-secret, stage: production", "team: [hidden], stage: production"],
  [{ tags: { gone: true } }, "team: team-secret", "team: team-secret"],
  [{ results: true }, "Failed on i-1: hunter22", "Failed on i-1: hunter22"],
  [true, "hunter22 of c-1", "[hidden] of [hidden]"],
])("where %j is marked, %j is shown as %j", (marks, said, shown) => {
  expect(keepMarked({ value: INPUTS, marks }).say(said)).toBe(shown);
});

test("what is secret in a state is so in what is declared, and the other way round", () => {
  const plain = { value: { workingDir: "/srv/after" } };
  const secret = { value: { workingDir: "/srv/before" }, marks: { workingDir: true as const } };
  for (const [declared, other] of [
    [plain, secret],
    [secret, plain],
  ] as const) {
    const { say, isSecret, secretInputs } = keepMarked(declared, other);
    expect([say("from /srv/before to /srv/after"), isSecret]).toEqual(["from [hidden] to [hidden]", true]);
    expect([...secretInputs]).toEqual(["workingDir"]);
  }
});

test("a refusal names a property that was secret once and is no more", () => {
  const before = { value: { workingDir: "/srv/before" }, marks: { workingDir: true as const } };
  const { refuse } = keepMarked({ value: { workingDir: "after" } }, before);
  expect(refuse([{ property: "workingDir", reason: "workingDir must begin with /" }])).toEqual([
    { property: "workingDir", reason: "workingDir must begin with /" },
  ]);
});

test("of a function's arguments whatever is marked is secret", () => {
  const { say, isSecret } = keepArguments({
    value: { invokeId: "t-secret", regionId: "cn-x" },
    marks: { invokeId: true },
  });
  expect([say("t-secret in cn-x"), isSecret]).toEqual(["[hidden] in cn-x", true]);
  const key = keepArguments({ value: { secretKey: "hunter22" }, marks: { secretKey: true } });
  expect(key.refuse([{ property: "secretKey", reason: "secretKey hunter22 is alone" }])).toEqual([
    { property: "", reason: "secretKey [hidden] is alone" },
  ]);
  expect(keepArguments({ value: { invokeId: "t-secret" } })).toMatchObject({ isSecret: false });
});
