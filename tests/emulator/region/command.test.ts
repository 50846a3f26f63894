import {
  decodeContent,
  encodeContent,
  formatContent,
  isContentTooLong,
  isFitFor,
} from "../../../emulator/region/command";

describe("formatContent", () => {
  const command = (content: string, more: object = {}) => ({
    sequence: 1,
    commandId: "c-1",
    name: "n",
    type: "RunShellScript" as const,
    description: "",
    content: Buffer.from(content),
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
    expect(formatContent(command(content), parameters).toString()).toBe(expected);
  });

  test("leaves the content alone when parameters are not enabled", () => {
    const content = formatContent(command("echo {{name}}", { enableParameter: false }), { name: "Jack" });
    expect(content.toString()).toBe("echo {{name}}");
  });

  test("takes a default where nothing is passed", () => {
    const definitions = [{ name: "name", defaultValue: "Jill" }];
    const content = formatContent(command("echo {{name}}", { parameterDefinitions: definitions }), {});
    expect(content.toString()).toBe("echo Jill");
  });
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
    ["ZWNo\r\nbyAxMg=\n=", "Base64", "Base64", "echo 12"],
    ["", "Base64", "Base64", ""],
    ["ZWNobyAxMg", "Base64", "Base64", undefined],
    ["ZWNobyAxMg=", "Base64", "Base64", undefined],
    ["ZWNobyAxMg===", "Base64", "Base64", undefined],
    ["ZWNobyAx====", "Base64", "Base64", undefined],
    ["ZWNobyAx=", "Base64", "Base64", undefined],
    ["ZW==byAx", "Base64", "Base64", undefined],
    ["=", "Base64", "Base64", undefined],
    ["ZWNo byAx", "Base64", "Base64", undefined],
    ["ZWNo_-Ax", "Base64", "Base64", undefined],
    ["echo 1!", "Base64", "Base64", undefined],
    ["5Lit5paH", "Base64", "Base64", "中文"],
  ])("%j as %s, default %s", (text, encoding, defaultEncoding, expected) => {
    expect(decodeContent(text, encoding, defaultEncoding)?.toString()).toBe(expected);
  });
});

test("what is no UTF-8 is decoded to the bytes that it is", () => {
  expect(decodeContent("xOO6ww==", undefined, "Base64")).toEqual(Buffer.from("c4e3bac3", "hex"));
  expect(encodeContent(Buffer.from("c4e3bac3", "hex"), "Base64")).toBe("xOO6ww==");
});

test.each([
  [undefined, "ZWNobyAx"],
  ["Base64", "ZWNobyAx"],
  ["PlainText", "echo 1"],
  ["plaintext", "echo 1"],
])("encodeContent as %s", (encoding, expected) => {
  expect(encodeContent(Buffer.from("echo 1"), encoding)).toBe(expected);
});

test.each([
  [18_432, "", false],
  [18_433, "", true],
  [18_000, "x".repeat(432), false],
  [18_000, "x".repeat(433), true],
])("content of %i bytes with parameters of %#: too long %s", (bytes, parameters, expected) => {
  expect(isContentTooLong(Buffer.alloc(bytes, 0xc4), parameters)).toBe(expected);
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
