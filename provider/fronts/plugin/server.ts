/** Pulumi's provider protocol: requests as the engine sends them, and the provider's answers. */
import type * as Grpc from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { type IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Clock } from "../../cloud/clock";
import type { InputFailure } from "../../rules/declaration";
import { ExpectedFailure } from "../../runs/failure";
import { createProbe, createTell } from "../engine";
import { loadGrpc } from "../grpc";
import { checkSettings, SETTINGS } from "./configuration";
import { construct, ROLLOUT } from "./construct";
import { type Kind, listProperties } from "./detail";
import type { GetInvocationsResult } from "./functions";
import { INVOCATION } from "./invocation";
import { connectMonitor } from "./monitor";
import { createProvider, type Provider } from "./provider";
import type { Resource, Step } from "./resource";
import { keepArguments } from "./secrecy";
import { joinMarks, type Opened, openSecrets, sealSecrets } from "./secrets";
import { describeFailure, NotImplemented } from "./status";
import { MESSAGE_LIMITS, readStruct, writeStruct } from "./struct";

export interface ServerOptions {
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  /** Names what holds the states of this engine. */
  backend: string;
  /** Address of the engine that started this process; "" where it attaches to one that runs. */
  engineAddress: string;
  /** The package's schema, as JSON. */
  schema: string;
  version: string;
}

/** A server that is not bound yet. */
export function createServer(options: ServerOptions): Grpc.Server {
  const { Server } = loadGrpc();
  const server = new Server(MESSAGE_LIMITS);
  server.addService(ResourceProviderService, describeService(options));
  return server;
}

/**
 * The engine opens a connection for each provider, and its requests name none. It starts a process for each as well; one that it
 * attaches to serves all of them.
 */
function openConnections({ engineAddress, ...options }: ServerOptions) {
  const byPeer = new Map<string, { address: string; provider: Provider }>();
  const connect = (peer: string, address: string): Provider => {
    const known = byPeer.get(peer);
    if (known?.address === address) return known.provider;
    const provider = createProvider({ ...options, tell: createTell(address), engine: createProbe(address) });
    byPeer.set(peer, { address, provider });
    return provider;
  };
  return { connect, find: (peer: string) => byPeer.get(peer)?.provider ?? connect(peer, engineAddress) };
}

function describeService(options: ServerOptions): Grpc.UntypedServiceImplementation {
  const { connect, find } = openConnections(options);

  const unary =
    <Q, A>(answer: (request: Q, provider: Provider, peer: string) => A | Promise<A>): Grpc.handleUnaryCall<Q, A> =>
    (call, callback) => {
      const peer = call.getPeer();
      Promise.resolve()
        .then(() => answer(call.request, find(peer), peer))
        .then(
          (value) => callback(null, value),
          (failure) => callback(describeFailure(failure)),
        );
    };

  const list: Grpc.handleServerStreamingCall<protocol.ListRequest, protocol.ListResponse> = (call) => {
    writeList(call, find(call.getPeer())).then(
      () => call.end(),
      (failure) => call.emit("error", describeFailure(failure)),
    );
  };

  // What is left out is answered as not implemented.
  const service: Partial<IResourceProviderServer> = {
    handshake: unary((request: protocol.ProviderHandshakeRequest, _, peer) => {
      connect(peer, request.getEngineAddress());
      return new protocol.ProviderHandshakeResponse().setAcceptSecrets(true);
    }),
    attach: unary((request: PluginAttach, _, peer) => {
      connect(peer, request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(options.version)),
    getSchema: unary(() => new protocol.GetSchemaResponse().setSchema(options.schema)),
    getMapping: unary(() => new protocol.GetMappingResponse()),
    getMappings: unary(() => new protocol.GetMappingsResponse()),
    checkConfig: unary((request: protocol.CheckRequest) => checkConfig(read(request.getNews()))),
    // No setting of a provider moves a resource: each holds its own region. The engine shows what differs.
    diffConfig: unary(() => new protocol.DiffResponse()),
    configure: unary((request: protocol.ConfigureRequest, provider) => {
      provider.configure(readSettings(request), readReference(request));
      return new protocol.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    invoke: unary(async (request: protocol.InvokeRequest, provider) => {
      const { result, failures = [] } = await provider.invoke(nameFunction(request.getTok()), read(request.getArgs()));
      const response = new protocol.InvokeResponse().setFailuresList(failures.map(formatFailure));
      return result === undefined ? response : response.setReturn(write(result));
    }),
    check: unary(async (request: protocol.CheckRequest, provider) => {
      const { resource, step } = aim(request, provider);
      const { inputs, failures } = await resource.check(step, read(request.getOlds()), read(request.getNews()));
      return new protocol.CheckResponse().setInputs(write(inputs)).setFailuresList(failures.map(formatFailure));
    }),
    diff: unary(async (request: protocol.DiffRequest, provider) => {
      const { resource, step } = aim(request, provider);
      const [olds, news] = [read(request.getOlds()), read(request.getNews())];
      const difference = await resource.diff(step, request.getId(), olds, news);
      const { changes, replaces, deleteBeforeReplace, changed } = difference;
      const response = new protocol.DiffResponse()
        .setChanges(changes ? protocol.DiffResponse.DiffChanges.DIFF_SOME : protocol.DiffResponse.DiffChanges.DIFF_NONE)
        .setReplacesList(replaces)
        .setDeletebeforereplace(deleteBeforeReplace)
        .setDiffsList(listProperties(changed))
        .setHasdetaileddiff(true);
      for (const [path, { kind, isReplaced }] of Object.entries(changed)) {
        const difference = new protocol.PropertyDiff().setKind(KINDS[kind][isReplaced ? 1 : 0]).setInputdiff(true);
        response.getDetaileddiffMap().set(path, difference);
      }
      return response;
    }),
    create: unary(async (request: protocol.CreateRequest, provider) => {
      const { resource, step } = aim(request, provider);
      const inputs = read(request.getProperties());
      const { id, outputs } = await resource.create(step, inputs, request.getPreview());
      return new protocol.CreateResponse().setId(id).setProperties(write(outputs));
    }),
    read: unary(async (request: protocol.ReadRequest, provider) => {
      const { resource, step } = aim(request, provider);
      const [state, inputs] = [read(request.getProperties()), read(request.getInputs())];
      const isImport = !request.hasInputs();
      const found = await resource.read({ ...step, isImport }, request.getId(), state, inputs);
      const response = new protocol.ReadResponse();
      if (found === undefined) return response;
      return response.setId(found.id).setProperties(write(found.outputs)).setInputs(write(found.inputs));
    }),
    update: unary(async (request: protocol.UpdateRequest, provider) => {
      const { resource, step } = aim(request, provider);
      const [olds, news] = [read(request.getOlds()), read(request.getNews())];
      const outputs = await resource.update(step, request.getId(), olds, news, request.getPreview());
      return new protocol.UpdateResponse().setProperties(write(outputs));
    }),
    delete: unary(async (request: protocol.DeleteRequest, provider) => {
      const { resource, step } = aim(request, provider);
      await resource.delete(step, request.getId(), read(request.getProperties()));
      return new Empty();
    }),
    construct: unary(async (request: protocol.ConstructRequest, provider) => {
      if (request.getType() !== ROLLOUT) throw new NotImplemented(describeStranger("component", request.getType()));
      const monitor = connectMonitor(request.getMonitorendpoint(), provider.ended());
      try {
        return await construct(request, provider.reference(), monitor);
      } finally {
        monitor.close();
      }
    }),
    list,
    cancel: unary(async (_: Empty, provider) => {
      await provider.cancel();
      return new Empty();
    }),
  };
  return service as Grpc.UntypedServiceImplementation;
}

const read = (struct: Struct | undefined): Opened => openSecrets(readStruct(struct));
const write = (opened: Opened): Struct => writeStruct(sealSecrets(opened));

/** What a request is about; an older engine tells no type. */
function aim(
  request: { getUrn(): string; getType(): string; getTimeout?(): number },
  provider: Provider,
): { resource: Resource; step: Step } {
  const urn = request.getUrn();
  const type = request.getType() || (urn.split("::")[2]?.split("$").at(-1) ?? "");
  const resource = provider.find(type);
  if (type === ROLLOUT)
    throw new ExpectedFailure(
      "A rollout cannot be imported: it is a component, which only an update makes; declare the Rollout in a program",
    );
  if (resource === undefined) throw new NotImplemented(describeStranger("resource", type));
  return { resource, step: { urn, timeoutSeconds: request.getTimeout?.() } };
}

const describeStranger = (what: string, type: string): string =>
  `There is no ${what} type "${type}" in this package: it has "${INVOCATION}" and "${ROLLOUT}"`;

const formatFailure = ({ property, reason }: InputFailure): protocol.CheckFailure =>
  new protocol.CheckFailure().setProperty(property).setReason(reason);

const { Kind: PropertyKind } = protocol.PropertyDiff;

/** Each as a change, and as one that replaces. */
const KINDS: Readonly<Record<Kind, readonly [protocol.PropertyDiff.Kind, protocol.PropertyDiff.Kind]>> = {
  add: [PropertyKind.ADD, PropertyKind.ADD_REPLACE],
  delete: [PropertyKind.DELETE, PropertyKind.DELETE_REPLACE],
  update: [PropertyKind.UPDATE, PropertyKind.UPDATE_REPLACE],
};

/** Keys are kept as secrets, whatever the program says of them. */
function checkConfig({ value, marks }: Opened): protocol.CheckResponse {
  const keys = Object.entries(SETTINGS).filter(([, { isSecret }]) => isSecret);
  const sealed = { value, marks: joinMarks(marks, Object.fromEntries(keys.map(([name]) => [name, true as const]))) };
  const { refuse } = keepArguments(sealed);
  const failures = refuse(checkSettings(value), value);
  return new protocol.CheckResponse().setInputs(write(sealed)).setFailuresList(failures.map(formatFailure));
}

/** An engine that knows no arguments here sends texts alone, by names such as `cloudassistant:config:region`. */
function readSettings(request: protocol.ConfigureRequest): Record<string, unknown> {
  if (request.hasArgs()) return read(request.getArgs()).value;
  const variables = request.getVariablesMap().toArray() as [string, string][];
  return Object.fromEntries(variables.map(([key, value]) => [key.slice(key.lastIndexOf(":") + 1), value]));
}

/** What names this provider to the engine; "" where it is too old to tell. */
const readReference = (request: protocol.ConfigureRequest): string =>
  request.hasUrn() && request.hasId() ? `${request.getUrn()}::${request.getId()}` : "";

const nameFunction = (token: string): string => token.slice(token.lastIndexOf(":") + 1);

async function writeList(
  call: Grpc.ServerWritableStream<protocol.ListRequest, protocol.ListResponse>,
  provider: Provider,
): Promise<void> {
  const { request } = call;
  const { result, failures = [] } = await provider.invoke("getInvocations", read(request.getQuery()));
  if (result === undefined) throw new ExpectedFailure(failures.map(({ reason }) => reason).join("; "));
  const { invocations } = result.value as unknown as GetInvocationsResult;
  const limit = request.getLimit() || invocations.length;
  for (const { invokeId, regionId, commandName } of invocations.slice(0, limit)) {
    const isElsewhere = regionId !== provider.defaultRegionId();
    const found = new protocol.ListResponse.Result()
      .setId(isElsewhere ? `${regionId}/${invokeId}` : invokeId)
      .setName(commandName);
    call.write(new protocol.ListResponse().setResult(found));
  }
}
