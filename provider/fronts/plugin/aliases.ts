/** Under which names states hold a resource of a component: the class's, and those that the component had. */
import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";

/**
 * The engine knows a child by an alias of its parent only as long as the parent itself is found by it. An update that was cut off
 * in between leaves the child under its old name, and another one in its place would run everything again.
 *
 * @param kind what stands behind the component's name in that of the child
 */
export function listAliases(request: ConstructRequest, kind: string, type: string): Alias[] {
  const dynamicType = type.replace("cloudassistant:index:", "pulumi-nodejs:dynamic/cloudassistant:");
  const urns = request.getAliasesList().flatMap((alias) => {
    const { place, types, name } = parse(alias.getUrn() || formatUrn(request, alias.getSpec()));
    return [type, dynamicType].map((own) => `${place}::${types}$${own}::${name}-${kind}`);
  });
  return [new Alias().setSpec(new Alias.Spec().setType(dynamicType)), ...urns.map((urn) => new Alias().setUrn(urn))];
}

/** `urn:pulumi:STACK::PROJECT::TYPES::NAME`, where the name may hold "::" itself. */
function parse(urn: string): { place: string; types: string; name: string } {
  const [stack = "", project = "", types = "", ...name] = urn.split("::");
  return { place: `${stack}::${project}`, types, name: name.join("::") };
}

const STACK_TYPE = "pulumi:pulumi:Stack";

/** What an alias leaves out is as it is now. */
function formatUrn(request: ConstructRequest, spec = new Alias.Spec()): string {
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || request.getParent();
  const above = parent === "" ? STACK_TYPE : parse(parent).types;
  const type = spec.getType() || request.getType();
  const types = above === STACK_TYPE ? type : `${above}$${type}`;
  const place = `${spec.getStack() || request.getStack()}::${spec.getProject() || request.getProject()}`;
  return `urn:pulumi:${place}::${types}::${spec.getName() || request.getName()}`;
}
