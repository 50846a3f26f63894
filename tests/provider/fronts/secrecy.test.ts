// What is shown of secrets, however a front comes to know them: by their names, or by their marks.
import { keepNamed } from "../../../provider/fronts/dynamic/secrecy";
import { keepMarked } from "../../../provider/fronts/plugin/secrecy";
import type { Secrecy } from "../../../provider/fronts/secrecy";

const INPUTS = {
  commandId: "c-secret1",
  instanceIds: ["i-secret1", "i-2"],
  regionId: "cn-hangzhou",
  parameters: { password: "hunter22", port: "1" },
  tags: { "team-secret": "value-secret" },
  triggers: [{ version: ["v-secret", 7321] }],
  timeout: 7322,
  frequency: "30 59 23 * * ?",
  workingDir: "/srv/secret",
  preflight: true,
  results: { "i-2": { status: "Failed", output: "hunter22", invokeId: "t-1" } },
};

type Properties = Record<string, unknown>;

const FRONTS: [string, (names: readonly string[] | undefined, ...sources: [Properties, ...Properties[]]) => Secrecy][] =
  [
    ["dynamic", keepNamed],
    [
      "plugin",
      (names, declared, ...others) => {
        const marks = names && Object.fromEntries(names.map((name) => [name, true as const]));
        return keepMarked({ value: declared, marks }, ...others.map((value) => ({ value })));
      },
    ],
  ];

describe.each(FRONTS)("%s", (_, keep) => {
  // [what is secret, said, shown]
  test.each<[readonly string[] | undefined, string, string]>([
    [undefined, "hunter22 in /srv/secret", "hunter22 in /srv/secret"],
    [[], "hunter22 in /srv/secret", "hunter22 in /srv/secret"],
    [["parameters"], '"password" is hunter22, 1 of 11', '"password" is [hidden], [hidden] of 11'],
    [["tags"], 'the value of "team-secret" is value-secret', 'the value of "[hidden]" is [hidden]'],
    [["triggers"], "v-secret, 7321 and 7322", "[hidden], [hidden] and 7322"],
    [["timeout"], "7321 and 7322", "7321 and [hidden]"],
    [["instanceIds"], '"i-secret1", "i-2" of "c-secret1"', '"[hidden]", "[hidden]" of "c-secret1"'],
    [["commandId", "workingDir"], "c-secret1 in /srv/secret", "[hidden] in [hidden]"],
    [["regionId"], "ecs.cn-hangzhou.aliyuncs.com", "ecs.[hidden].aliyuncs.com"],
    [["preflight"], "true or false", "true or false"],
    [["results"], 'Failed on "i-2", invocation "t-1"', 'Failed on "i-2", invocation "t-1"'],
    [["parameters"], "a bell \x07", "a bell \\x07"],
  ])("where %j is secret, %j is shown as %j", (secret, said, shown) => {
    expect(keep(secret, INPUTS).say(said)).toBe(shown);
  });

  test("values of the state are hidden as well as those of the program", () => {
    const { say } = keep(["workingDir"], { workingDir: "/before" }, { workingDir: "/after", username: "root" });
    expect(say("from /before to /after as root")).toBe("from [hidden] to [hidden] as root");
  });

  test("a value that is not known yet hides nothing", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(keep(["workingDir"], { workingDir: unknown }).say(unknown)).toBe(unknown);
  });

  // [what is secret, property, reason, shown property, shown reason]
  test.each<[readonly string[] | undefined, string, string, string, string]>([
    [undefined, "workingDir", "workingDir /srv/secret", "workingDir", "workingDir /srv/secret"],
    [["workingDir"], "workingDir", "workingDir /srv/secret", "", "workingDir [hidden]"],
    [["workingDir"], "instanceIds", "/srv/secret on i-2", "instanceIds", "[hidden] on i-2"],
    [
      ["frequency"],
      "frequency",
      'found "59"',
      "",
      expect.stringMatching(/^frequency must be .* since it is secret: /) as never,
    ],
  ])("where %j is secret, a refusal of %s", (secret, property, reason, shownProperty, shownReason) => {
    expect(keep(secret, INPUTS).refuse([{ property, reason }])).toEqual([
      { property: shownProperty, reason: shownReason },
    ]);
  });

  test.each([
    ["a short value is quoted by the engine", "timeout", 5, "timeout"],
    ["an unknown one", "timeout", undefined, "timeout"],
    ["a script would bury the reason", "commandContent", "echo\n".repeat(100), ""],
    ["so would a fleet", "instanceIds", Array(50).fill("i-bp1example0001"), ""],
  ])("of a refusal, %s", (_, property, value, shown) => {
    const { refuse } = keep(undefined, INPUTS);
    expect(refuse([{ property, reason: "is wrong" }], { [property]: value })).toEqual([
      { property: shown, reason: "is wrong" },
    ]);
  });

  test.each<[readonly string[] | undefined, boolean]>([
    [undefined, false],
    [["results"], true],
    [["commandId"], true],
  ])("where %j is secret, whatever comes of it is: %j", (secret, isSecret) => {
    expect(keep(secret, INPUTS).isSecret).toBe(isSecret);
  });
});
