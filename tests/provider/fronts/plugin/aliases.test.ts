import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { listAliases } from "../../../../provider/fronts/plugin/aliases";

const FLEET = "cloudassistant:index:RolloutFleet";
const DYNAMIC = "pulumi-nodejs:dynamic/cloudassistant:RolloutFleet";
const ROLLOUT = "cloudassistant:index:Rollout";
const STACK = "urn:pulumi:dev::story::pulumi:pulumi:Stack::story-dev";
const ABOVE = "urn:pulumi:dev::story::my:a:Site$my:b:Part::part";

const list = (parent: string, ...aliases: Alias[]) => {
  const request = new ConstructRequest().setStack("dev").setProject("story").setType(ROLLOUT).setName("agent");
  const listed = listAliases(request.setParent(parent).setAliasesList(aliases), "fleet", FLEET);
  return listed.map((alias) => (alias.hasSpec() ? { type: alias.getSpec()?.getType() } : alias.getUrn()));
};

const both = (place: string, types: string, name: string) =>
  [FLEET, DYNAMIC].map((type) => `urn:pulumi:${place}::${types}$${type}::${name}-fleet`);

test("that of the class", () => {
  expect(list(STACK)).toEqual([{ type: DYNAMIC }]);
});

const by = (describe: (spec: Alias.Spec) => Alias.Spec) => new Alias().setSpec(describe(new Alias.Spec()));

test.each<[string, string, Alias, string[]]>([
  ["a name", STACK, by((spec) => spec.setName("old")), both("dev::story", ROLLOUT, "old")],
  ["a name with colons", "", by((spec) => spec.setName("a::b")), both("dev::story", ROLLOUT, "a::b")],
  ["a type", STACK, by((spec) => spec.setType("my:own:Wave")), both("dev::story", "my:own:Wave", "agent")],
  ["a stack", STACK, by((spec) => spec.setStack("old")), both("old::story", ROLLOUT, "agent")],
  ["a project", STACK, by((spec) => spec.setProject("old")), both("dev::old", ROLLOUT, "agent")],
  [
    "a name below a component",
    ABOVE,
    by((spec) => spec.setName("old")),
    both("dev::story", `my:a:Site$my:b:Part$${ROLLOUT}`, "old"),
  ],
  [
    "another parent",
    STACK,
    by((spec) => spec.setParenturn(ABOVE)),
    both("dev::story", `my:a:Site$my:b:Part$${ROLLOUT}`, "agent"),
  ],
  ["no parent", ABOVE, by((spec) => spec.setNoparent(true)), both("dev::story", ROLLOUT, "agent")],
  [
    "a URN",
    ABOVE,
    new Alias().setUrn(`urn:pulumi:old::site::my:c:Old$${ROLLOUT}::old`),
    both("old::site", `my:c:Old$${ROLLOUT}`, "old"),
  ],
])("those that follow from %s of the component", (_, parent, alias, urns) => {
  expect(list(parent, alias)).toEqual([{ type: DYNAMIC }, ...urns]);
});
