import { formatOwner, formatToken, identify, intend, parseOwner } from "../../../provider/rules/identity";
import { INPUT_NAMES, INPUTS, type InvocationInputs } from "../../../provider/rules/inputs";
import { makeRun } from "../../../provider/rules/run";
import { EXAMPLES, ONE, OTHER } from "./examples";

const TYPE = "pulumi-nodejs:dynamic/cloudassistant:Invocation";
const URN = `urn:pulumi:dev::app::my:Component$${TYPE}::nightly`;
const BACKEND = "https://api.pulumi.com";

const intention = (inputs: InvocationInputs) => intend(makeRun(inputs));

describe("the resource", () => {
  const ours = identify(URN, BACKEND);

  it.each<[string, string, string, boolean, boolean]>([
    ["itself", URN, BACKEND, true, true],
    ["the same through another front", URN.replace(TYPE, "cloudassistant:index:Invocation"), BACKEND, true, true],
    ["another name", `${URN}2`, BACKEND, false, true],
    ["another parent", URN.replace("my:Component$", ""), BACKEND, false, true],
    ["another stack", URN.replace(":dev:", ":prod:"), BACKEND, false, false],
    ["another project", URN.replace(":app:", ":other:"), BACKEND, false, false],
    ["another backend", URN, "file://laptop/states", false, false],
  ])("%s", (_, urn, backend, sameResource, sameStack) => {
    const theirs = identify(urn, backend);
    expect([theirs.resource === ours.resource, theirs.stack === ours.stack]).toEqual([sameResource, sameStack]);
  });

  it("is named by project, stack and name, whatever the name holds", () => {
    expect(ours.name).toBe("app/dev/nightly");
    expect(identify("urn:pulumi:dev::app::a$b::x::y$z", BACKEND).name).toBe("app/dev/x::y$z");
    expect(identify("", BACKEND).name).toBe("//");
  });
});

describe("the intention", () => {
  it.each(INPUT_NAMES)("is another with another %s, unless that is no part of what runs", (name) => {
    const changed = intention({ ...ONE, [name]: OTHER[name] });
    expect(changed.whole !== intention(ONE).whole).toBe(EXAMPLES[name].identifies);
    expect(changed.fixed !== intention(ONE).fixed).toBe(EXAMPLES[name].identifies && INPUTS[name].change === "replace");
  });

  const INPUTS_OF_ONE: InvocationInputs = { commandId: "c-1", regionId: "cn-hangzhou", repeatMode: "Once" };

  it.each<[string, Partial<InvocationInputs>, Partial<InvocationInputs>]>([
    ["a schedule in other words", { frequency: "0 0 2 * * ? UTC" }, { frequency: "0 0 2 ? * * UTC" }],
    [
      "a time with and without its zone",
      { frequency: "at(2030-01-31 13:15:30)" },
      { frequency: "at(2030-01-31 13:15:30 UTC)" },
    ],
    ["instances", { instanceIds: ["i-1", "i-2"] }, { instanceIds: ["i-3"] }],
    ["tags", { tags: { a: "b" } }, {}],
    ["no triggers and none given", { triggers: [] }, {}],
    ["no parameters and none given", { parameters: {} }, {}],
    ["parameters in another order", { parameters: { a: "1", b: "2" } }, { parameters: { b: "2", a: "1" } }],
  ])("finds no difference in %s", (_, before, after) => {
    expect(intention({ ...INPUTS_OF_ONE, ...before })).toEqual(intention({ ...INPUTS_OF_ONE, ...after }));
  });
});

describe("the owner tag", () => {
  it.each(["", "\nin two lines", "\u2028"])("says resource, intention and name: …%j", (rest) => {
    const identity = identify(`${URN}${rest}`, BACKEND);
    expect(parseOwner(formatOwner(identity, intention(ONE)))).toEqual({
      resource: identity.resource,
      ...intention(ONE),
      name: `app/dev/nightly${rest}`,
    });
  });

  it("is a tag value that the service takes, and shows nothing of the parameters", () => {
    const urn = `${URN}-https://example.com/${"x".repeat(200)}`;
    const owner = formatOwner(identify(urn, BACKEND), intention({ ...ONE, parameters: { password: "s3cret" } }));
    expect(owner).toMatch(/^[0-9a-f]{24}\.[0-9a-f]{16}\.[0-9a-f]{16} app\/dev\/nightly-https:example\.com\/x+$/);
    expect(owner).toHaveLength(128);
  });

  it.each([undefined, "", "owner", "0123.4567.89 name", `${"0".repeat(32)}.${"0".repeat(32)}`])(
    "is none: %j",
    (text) => {
      expect(parseOwner(text)).toBeUndefined();
    },
  );
});

describe("the token", () => {
  const identity = identify(URN, BACKEND);
  const token = formatToken(identity, intention(ONE), ["i-1", "i-2"], []);

  it("is the same for the same run, in whatever order it is told", () => {
    expect(formatToken(identity, intention(ONE), ["i-2", "i-1"], [])).toBe(token);
    expect(formatToken(identity, intention({ ...ONE, tags: {} }), ["i-1", "i-2"], [])).toBe(token);
  });

  it("is another for other instances, another intention, another predecessor", () => {
    const others = [
      formatToken(identity, intention(ONE), ["i-1"], []),
      formatToken(identity, intention(ONE), undefined, []),
      formatToken(identity, intention(OTHER), ["i-1", "i-2"], []),
      formatToken(identity, intention(ONE), ["i-1", "i-2"], ["t-1"]),
      formatToken(identity, intention(ONE), ["i-1", "i-2"], ["t-1", "t-2"]),
      formatToken(identify(`${URN}2`, BACKEND), intention(ONE), ["i-1", "i-2"], []),
    ];
    expect(new Set([token, ...others]).size).toBe(7);
    expect(token).toMatch(/^[0-9a-f]{48}$/);
  });
});
