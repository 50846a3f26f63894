/** Each action's table against the service's own parameter lists. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as actions from "../../../emulator/actions";

interface Described {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly sub_parameters?: readonly { readonly name: string }[];
}

const folder = join(__dirname, "../../fixtures/openapi");
const published: ReadonlyMap<string, readonly Described[]> = new Map(
  readdirSync(folder).map((file) => {
    const { name, parameters } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    return [name, parameters];
  }),
);
const all = Object.values(actions);

test("every published action is emulated, and no other", () => {
  expect(all.map(({ name }) => name).sort()).toEqual([...published.keys()].sort());
});

describe.each(all.map((action) => [action.name, action] as const))("%s", (name, action) => {
  const described = published.get(name) ?? [];

  test("takes what the service takes", () => {
    expect(Object.keys(action.takes).sort()).toEqual(described.map((parameter) => parameter.name).sort());
  });

  test.each(described.map((parameter) => [parameter.name, parameter] as const))("%s", (parameterName, parameter) => {
    const taken = action.takes[parameterName];
    expect({ type: taken?.type, required: taken?.required }).toEqual({
      type: parameter.type,
      required: parameter.required,
    });
    // DescribeInstances lists the members in lower case as well.
    const members = new Set((parameter.sub_parameters ?? []).map((member) => member.name.toLowerCase()));
    if (parameterName === "Tag") {
      expect((taken?.members ?? []).map((member) => member.toLowerCase())).toEqual([...members]);
    }
  });
});
