import { findBuiltIns, resolveBuiltIns } from "../../../emulator/agent/builtin";
import { expectGrowth } from "../../growth";

const VALUES = { InstanceId: "i-a", InvokeId: "t-1", InstanceName: "机器 $&" };

// [content, what runs], as the agent's own pattern has it
const resolved: [string, string][] = [
  ["echo {{ACS::InstanceId}}", "echo i-a"],
  ["{{ACS::InstanceId}}{{ACS::InvokeId}}", "i-at-1"],
  ["{{ ACS :: InstanceId }}", "i-a"],
  ["{{\n\tACS\r\n::\fInstanceId }}", "i-a"],
  ["{{{ACS::InstanceId}}}", "{i-a}"],
  ["{{ACS::InstanceName}}", "机器 $&"],
  ["{{acs::InstanceId}} {{Acs::InstanceId}}", "{{acs::InstanceId}} {{Acs::InstanceId}}"],
  ["{{A CS::InstanceId}} {{ACS: :InstanceId}}", "{{A CS::InstanceId}} {{ACS: :InstanceId}}"],
  ["{{ACS::Instance Id}} {{ACS::}} {{ACS}}", "{{ACS::Instance Id}} {{ACS::}} {{ACS}}"],
  ["{ {ACS::InstanceId}} {{ACS::InstanceId} }", "{ {ACS::InstanceId}} {{ACS::InstanceId} }"],
  ["{{\u00a0ACS::InstanceId}} {{ACS::\u3000InstanceId}}", "{{\u00a0ACS::InstanceId}} {{ACS::\u3000InstanceId}}"],
  ['{{ACS::ScriptFileName|Ext(".py")}} {{.Names}} {{name}}', '{{ACS::ScriptFileName|Ext(".py")}} {{.Names}} {{name}}'],
  ["", ""],
];

test.each(resolved)("%j", (content, expected) => {
  const result = resolveBuiltIns(Buffer.from(content), VALUES);
  expect("content" in result && result.content.toString()).toBe(expected);
});

// [content, the name that there is not]
test.each([
  ["{{ACS::Foo}}", "Foo"],
  ["{{ACS::instanceid}}", "instanceid"],
  ["{{ACS::INSTANCEID}} {{ACS::Bar}}", "INSTANCEID"],
  ["{{ACS::InstanceId}} {{ ACS::Instance-Id.x }}", "Instance-Id.x"],
  ["{{ACS::toString}}", "toString"],
])("%j asks for %s", (content, unknownName) => {
  expect(resolveBuiltIns(Buffer.from(content), VALUES)).toEqual({ unknownName });
});

test("bytes that are no UTF-8 pass as they are", () => {
  const before = Buffer.from("c4e3bac37b7b4143533a3a496e7374616e636549647d7dff00", "hex");
  expect(resolveBuiltIns(before, VALUES)).toEqual({ content: Buffer.from("c4e3bac3692d61ff00", "hex") });
});

test("names are found as often as they stand there", () => {
  expect(findBuiltIns(Buffer.from("{{ACS::A}} {{acs::B}} {{ ACS::A }}"))).toEqual(["A", "A"]);
});

test.each(["{{", "{{ACS", "{{ACS::", "{{ACS::a"])(
  "blanks after %s take time that grows with their number alone",
  (beginning) => {
    expectGrowth(
      (characters) => beginning + " ".repeat(characters) + "{{".repeat(characters / 2),
      (content) => expect(findBuiltIns(Buffer.from(content))).toEqual([]),
    );
  },
);
