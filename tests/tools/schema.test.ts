// The schema is what the source says now; what is in it is held against Pulumi's own rules by tests/e2e.
import { readFileSync } from "node:fs";
import { INPUT_NAMES, INPUTS } from "../../provider/rules/inputs";
import { formatSchema, SCHEMA_FILE } from "../../tools/schema";

const schema = JSON.parse(readFileSync(SCHEMA_FILE, "utf8"));
const resource = schema.resources["cloudassistant:index:Invocation"];

test("schema.json is as the source has it; if not, run `npm run schema`", () => {
  expect(readFileSync(SCHEMA_FILE, "utf8")).toBe(formatSchema());
});

test("it has every input, and every output", () => {
  expect(Object.keys(resource.inputProperties)).toEqual(INPUT_NAMES);
  expect(Object.keys(resource.properties)).toEqual([...INPUT_NAMES, "invokeId", "status", "results", "schemaVersion"]);
});

// An SDK would write a default into every state, and a later version may have another: the words tell it.
test.each(INPUT_NAMES.filter((name) => INPUTS[name].default !== undefined))("%s tells its default in words", (name) => {
  const { description, ...type } = resource.inputProperties[name];
  const shown = String(INPUTS[name].default);
  expect(description).toMatch(new RegExp(`Default:? \`?${shown}\\b`));
  expect(type).not.toHaveProperty("default");
});

test("everything in it has words", () => {
  const wordless: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { properties, inputProperties, variables } = value as Record<
      string,
      Record<string, { description?: string }>
    >;
    for (const all of [properties, inputProperties, variables])
      for (const [name, property] of Object.entries(all ?? {}))
        if (!property.description) wordless.push(`${path}.${name}`);
    for (const [name, member] of Object.entries(value)) visit(member, `${path}.${name}`);
  };
  visit(schema, "schema");
  expect(wordless).toEqual([]);
});

test("keys are secrets, in the configuration and in a provider", () => {
  for (const properties of [schema.config.variables, schema.provider.inputProperties]) {
    const secrets = Object.keys(properties).filter((name) => properties[name].secret === true);
    expect(secrets).toEqual(["accessKey", "secretKey", "securityToken"]);
  }
});
