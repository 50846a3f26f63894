/**
 * A `Rollout` of the plugin: a component over the resource that holds the fleet and the one that fails the update, as
 * `provider/rollout.ts` declares them for a program of its own.
 */
import { type ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { RegisterResourceRequest, type RegisterResourceResponse, Result } from "@pulumi/pulumi/proto/resource_pb";
import { VERDICT_INPUTS } from "../../lifecycle/rollout";
import type { Properties } from "../../lifecycle/state";
import { OUTPUT_NAMES } from "../../rules/rollout/outputs";
import { UNKNOWN } from "../../rules/unknown";
import { listAliases } from "./aliases";
import { type Monitor, MonitorGone } from "./monitor";
import { FLEET, VERDICT } from "./rollout";
import { readStruct, writeStruct } from "./struct";

/** The type, as states hold it: that of the class as well. */
export const ROLLOUT = "cloudassistant:index:Rollout";

/**
 * Properties pass as they came: secrets in their wrappers, and what is not known yet as the engine's sentinels.
 *
 * @param provider the engine's reference to this very provider, which serves the two as well
 */
export async function construct(
  request: ConstructRequest,
  provider: string,
  monitor: Monitor,
): Promise<ConstructResponse> {
  const response = new ConstructResponse().setState(writeStruct(pick({}, OUTPUT_NAMES)));
  try {
    await register(request, provider, monitor, response);
  } catch (error) {
    // The engine would show a second error beside the one that ended the operation.
    if (!(error instanceof MonitorGone)) throw error;
  }
  return response;
}

async function register(
  request: ConstructRequest,
  provider: string,
  monitor: Monitor,
  response: ConstructResponse,
): Promise<void> {
  const urn = (await monitor.register(describeComponent(request))).getUrn();
  response.setUrn(urn);
  const child = (kind: string, type: string) =>
    describeChild(request)
      .setType(type)
      .setName(`${request.getName()}-${kind}`)
      .setParent(urn)
      .setProvider(provider)
      .setAliasesList(listAliases(request, kind, type));

  const fleet = await monitor.register(dependOnInputs(request, takeOptions(request, child("fleet", FLEET))));
  const held = read(fleet, [...OUTPUT_NAMES, "reasons"]);
  const verdict = await monitor.register(dependOnFleet(fleet.getUrn(), held, child("verdict", VERDICT)));
  const from = new ConstructResponse.PropertyDependencies().setUrnsList([fleet.getUrn(), verdict.getUrn()]);
  for (const name of OUTPUT_NAMES) response.getStatedependenciesMap().set(name, from);
  // The outputs come with the verdict, so that whatever depends on them is held back when it fails. A component does not fail,
  // and most SDKs have what uses an output of it depend on nothing else: where the engine goes on, the verdict stands for it.
  if (!isDone(verdict)) return void response.setUrn(verdict.getUrn());
  response.setState(writeStruct(pick(held, OUTPUT_NAMES)));
  await monitor.registerOutputs(urn, pick(held, ["status"]));
}

function describeComponent(request: ConstructRequest): RegisterResourceRequest {
  const component = describeResource(request)
    .setType(request.getType())
    .setName(request.getName())
    .setParent(request.getParent())
    .setAliasesList(request.getAliasesList())
    .setDependenciesList(request.getDependenciesList());
  for (const [name, reference] of request.getProvidersMap().entries()) component.getProvidersMap().set(name, reference);
  const hooks = request.getResourceHooks();
  if (hooks !== undefined)
    component.setHooks(RegisterResourceRequest.ResourceHooksBinding.deserializeBinary(hooks.serializeBinary()));
  return component;
}

/** The engine passes over these options of a component, and its resources have them in its place. */
function describeChild(request: ConstructRequest): RegisterResourceRequest {
  const child = describeResource(request).setCustom(true).setDeletedwith(request.getDeletedwith());
  const timeouts = request.getCustomtimeouts();
  if (timeouts !== undefined)
    child.setCustomtimeouts(RegisterResourceRequest.CustomTimeouts.deserializeBinary(timeouts.serializeBinary()));
  if (request.hasRetainondelete()) child.setRetainondelete(request.getRetainondelete() === true);
  return child;
}

/** Options that mean the resource which holds the inputs, as in the class. */
function takeOptions(request: ConstructRequest, fleet: RegisterResourceRequest): RegisterResourceRequest {
  if (request.hasDeletebeforereplace())
    fleet.setDeletebeforereplace(request.getDeletebeforereplace() === true).setDeletebeforereplacedefined(true);
  return fleet
    .setAdditionalsecretoutputsList(request.getAdditionalsecretoutputsList())
    .setIgnorechangesList(request.getIgnorechangesList())
    .setReplaceonchangesList(request.getReplaceonchangesList());
}

function describeResource(request: ConstructRequest): RegisterResourceRequest {
  const resource = new RegisterResourceRequest()
    .setAcceptsecrets(true)
    .setSupportspartialvalues(true)
    .setSupportsresultreporting(true)
    .setAliasspecs(true)
    .setParentstacktracehandle(request.getStackTraceHandle());
  if (request.hasProtect()) resource.setProtect(request.getProtect() === true);
  return resource;
}

function dependOnInputs(request: ConstructRequest, fleet: RegisterResourceRequest): RegisterResourceRequest {
  const all = new Set(request.getDependenciesList());
  for (const [name, dependencies] of request.getInputdependenciesMap().entries()) {
    const urns = dependencies.getUrnsList();
    for (const urn of urns) all.add(urn);
    setDependencies(fleet, name, urns);
  }
  return fleet.setObject(request.getInputs()).setDependenciesList([...all]);
}

function dependOnFleet(urn: string, held: Properties, verdict: RegisterResourceRequest): RegisterResourceRequest {
  for (const name of VERDICT_INPUTS) setDependencies(verdict, name, [urn]);
  return verdict.setObject(writeStruct(pick(held, VERDICT_INPUTS))).setDependenciesList([urn]);
}

function setDependencies(resource: RegisterResourceRequest, name: string, urns: string[]): void {
  const dependencies = new RegisterResourceRequest.PropertyDependencies().setUrnsList(urns);
  resource.getPropertydependenciesMap().set(name, dependencies);
}

/** With `--continue-on-error` the engine goes on past one that failed, or that depends on it. */
const isDone = (response: RegisterResourceResponse): boolean => response.getResult() === Result.SUCCESS;

/** What nobody has told is not known yet. */
const read = (response: RegisterResourceResponse, names: readonly string[]): Properties =>
  pick(isDone(response) ? readStruct(response.getObject()) : {}, names);

const pick = (properties: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(names.map((name) => [name, properties[name] ?? UNKNOWN]));
