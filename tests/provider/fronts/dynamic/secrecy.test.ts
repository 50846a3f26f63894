// What is secret where a state of an old version tells no names; all else is in ../secrecy.test.ts.
import { keepBoth, keepNamed, type Secret } from "../../../../provider/fronts/dynamic/secrecy";

const INPUTS = {
  commandId: "c-secret1",
  instanceIds: ["i-secret1", "i-2"],
  parameters: { password: "hunter22" },
  workingDir: "/srv/secret",
};

const { say, refuse, isSecret } = keepNamed(true, INPUTS);

test("without names whatever a program may want to hide is hidden, and what messages live on is not", () => {
  expect(say("hunter22 in /srv/secret by c-secret1 on i-secret1")).toBe(
    "[hidden] in [hidden] by c-secret1 on i-secret1",
  );
  expect(isSecret).toBe(true);
});

test.each([
  ["parameters", "hunter22", "", "[hidden]"],
  ["instanceIds", "i-2 is Stopped", "instanceIds", "i-2 is Stopped"],
])("without names, a refusal of %s", (property, reason, shownProperty, shownReason) => {
  expect(refuse([{ property, reason }])).toEqual([{ property: shownProperty, reason: shownReason }]);
});

test.each<[Secret | undefined, Secret | undefined, string[]]>([
  [undefined, undefined, []],
  [["parameters"], undefined, ["parameters"]],
  [undefined, ["parameters"], ["parameters"]],
  [
    ["parameters", "tags"],
    ["tags", "commandContent"],
    ["parameters", "tags", "commandContent"],
  ],
])("what is secret in one of %j and %j is so in both", (declared, kept, joined) => {
  const { isSecret, secretInputs, say } = keepBoth(declared, kept, { parameters: { word: "hunter22" } });
  expect([isSecret, [...secretInputs]]).toEqual([joined.length > 0, joined]);
  expect(say("hunter22")).toBe(joined.includes("parameters") ? "[hidden]" : "hunter22");
});
