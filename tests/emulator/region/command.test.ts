import {
  decodeContent,
  encodeContent,
  findParameterNames,
  formatContent,
  isContentTooLong,
  isFitFor,
  substituteBuiltIns,
} from "../../../emulator/region/command";

describe("findParameterNames", () => {
  test.each([
    ["echo {{name}}", ["name"]],
    ["echo {{ name }} {{name}} {{NAME}}", ["name"]],
    ["echo {{a}} {{b-c}} {{d_1}}", ["a", "b-c", "d_1"]],
    ["echo {{}}", [""]],
    ["echo {{a b}}", ["a b"]],
    ["echo {{ACS::InstanceId}} {{oos:secret}} {{oos-secret:other}}", []],
    ["echo {name} {{{name}}}", ["name"]],
    ["echo", []],
  ])("%s", (content, names) => {
    expect(findParameterNames(content)).toEqual(names);
  });
});

describe("formatContent", () => {
  const command = (content: string, more: object = {}) => ({
    sequence: 1,
    commandId: "c-1",
    name: "n",
    type: "RunShellScript" as const,
    description: "",
    content,
    workingDir: "",
    timeoutSeconds: 60,
    enableParameter: true,
    parameterDefinitions: [],
    launcher: "",
    resourceGroupId: "",
    tags: new Map<string, string>(),
    provider: "",
    category: "",
    creationTime: 0,
    invokeTimes: 0,
    isKept: true,
    ...more,
  });

  test.each<[string, Record<string, string>, string]>([
    ["echo {{name}}", { name: "Jack" }, "echo Jack"],
    ["echo {{ Name }}", { name: "Jack" }, "echo Jack"],
    ["echo {{name}}.", {}, "echo ."],
    ["echo {{name}}", { name: "$& $1 {{name}}" }, "echo $& $1 {{name}}"],
    ["echo {{ACS::InstanceId}}", {}, "echo {{ACS::InstanceId}}"],
  ])("%s with %j", (content, parameters, expected) => {
    expect(formatContent(command(content), parameters)).toBe(expected);
  });

  test("leaves the content alone when parameters are not enabled", () => {
    expect(formatContent(command("echo {{name}}", { enableParameter: false }), { name: "Jack" })).toBe("echo {{name}}");
  });

  test("takes a default where nothing is passed", () => {
    const definitions = [{ name: "name", defaultValue: "Jill" }];
    expect(formatContent(command("echo {{name}}", { parameterDefinitions: definitions }), {})).toBe("echo Jill");
  });
});

test.each([
  ["{{ACS::InstanceId}} {{acs::instanceid}}", "i-a i-a"],
  ["{{ ACS::InvokeId }}", "t-1"],
  ["{{ACS::Unknown}}", "{{ACS::Unknown}}"],
])("substituteBuiltIns %s", (content, expected) => {
  expect(substituteBuiltIns(content, { InstanceId: "i-a", InvokeId: "t-1" })).toBe(expected);
});

describe("decodeContent", () => {
  test.each<[string, string | undefined, "PlainText" | "Base64", string | undefined]>([
    ["ZWNobyAx", undefined, "Base64", "echo 1"],
    ["ZWNobyAx", undefined, "PlainText", "ZWNobyAx"],
    ["ZWNobyAx", "base64", "PlainText", "echo 1"],
    ["echo 1", "PLAINTEXT", "Base64", "echo 1"],
    ["echo 1", "Rot13", "PlainText", "echo 1"],
    ["ZWNo\nbyAx", "Base64", "Base64", "echo 1"],
    ["ZWNobyAxMg==", "Base64", "Base64", "echo 12"],
    ["ZWNobyAxMg", "Base64", "Base64", "echo 12"],
    ["echo 1!", "Base64", "Base64", undefined],
    ["5Lit5paH", "Base64", "Base64", "中文"],
  ])("%j as %s, default %s", (text, encoding, defaultEncoding, expected) => {
    expect(decodeContent(text, encoding, defaultEncoding)).toBe(expected);
  });
});

test.each([
  [undefined, "ZWNobyAx"],
  ["Base64", "ZWNobyAx"],
  ["PlainText", "echo 1"],
  ["plaintext", "echo 1"],
])("encodeContent as %s", (encoding, expected) => {
  expect(encodeContent("echo 1", encoding)).toBe(expected);
});

test.each([
  [18_432, "", false],
  [18_433, "", true],
  [18_000, "x".repeat(432), false],
  [18_000, "x".repeat(433), true],
])("content of %i bytes with parameters of %#: too long %s", (bytes, parameters, expected) => {
  expect(isContentTooLong("x".repeat(bytes), parameters)).toBe(expected);
});

test.each([
  ["RunShellScript", "linux", true],
  ["RunShellScript", "windows", false],
  ["RunPowerShellScript", "windows", true],
  ["RunBatScript", "windows", true],
  ["RunBatScript", "linux", false],
] as const)("%s on %s: %s", (type, osType, expected) => {
  expect(isFitFor(type, osType)).toBe(expected);
});
