// The plugin as an engine talks to it: over gRPC, one connection for each provider.
import type * as Grpc from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { systemClock } from "../../../../provider/cloud/clock";
import { loadGrpc } from "../../../../provider/fronts/grpc";
import { createServer } from "../../../../provider/fronts/plugin/server";
import { readStruct, writeStruct } from "../../../../provider/fronts/plugin/struct";

export type Properties = Record<string, unknown>;

const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A secret as it goes over the wire. */
export const secret = (value: unknown): Properties => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });

export const TYPE = "cloudassistant:index:Invocation";
export const URN = `urn:pulumi:dev::story::${TYPE}::run`;

const { Kind } = protocol.PropertyDiff;
const KINDS = Object.fromEntries(Object.entries(Kind).map(([name, value]) => [value, name]));

export interface Connection {
  readonly client: ResourceProviderClient;
  handshake(engineAddress: string): Promise<void>;
  attach(engineAddress: string): Promise<void>;
  /** @param named what the engine calls the provider */
  configure(settings: Properties, named?: { urn: string; id: string }): Promise<void>;
  checkConfig(settings: Properties): Promise<{ inputs: Properties; reasons: string[] }>;
  check(
    news: Properties,
    olds?: Properties,
  ): Promise<{ inputs: Properties; failures: [property: string, reason: string][] }>;
  /** Changed properties by path, such as `timeout: UPDATE_REPLACE`, and by name alone; undefined where nothing changes. */
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<
    { changed: Record<string, string>; names: string[]; replaces: string[]; deletesFirst: boolean } | undefined
  >;
  create(
    inputs: Properties,
    more?: { preview?: boolean; timeoutSeconds?: number },
  ): Promise<{ id: string; outputs: Properties }>;
  read(
    id: string,
    state?: Properties,
    inputs?: Properties,
  ): Promise<{ id: string; outputs: Properties; inputs: Properties }>;
  update(id: string, olds: Properties, news: Properties, more?: { preview?: boolean }): Promise<Properties>;
  delete(id: string, state: Properties): Promise<void>;
  invoke(name: string, args: Properties): Promise<{ result: Properties; reasons: string[] }>;
  list(query: Properties, limit?: number): Promise<{ id: string; name: string }[]>;
  construct(request: protocol.ConstructRequest): Promise<protocol.ConstructResponse>;
  /** How an explicit provider differs whose settings did. */
  diffConfig(olds: Properties, news: Properties): Promise<protocol.DiffResponse.AsObject>;
  cancel(): Promise<void>;
}

type Answer<A> = (error: Error | null, response: A) => void;

const failuresOf = (list: protocol.CheckFailure[]): [string, string][] =>
  list.map((failure) => [failure.getProperty(), failure.getReason()]);

let servers: Grpc.Server[] = [];
let clients: ResourceProviderClient[] = [];

afterEach(() => {
  for (const client of clients) client.close();
  for (const server of servers) server.forceShutdown();
  servers = [];
  clients = [];
});

export interface PluginOptions {
  environment?: NodeJS.ProcessEnv;
  engineAddress?: string;
}

/** Starts a plugin; answers with what opens a connection to it. */
export async function startPlugin({
  environment = {},
  engineAddress = "",
}: PluginOptions = {}): Promise<() => Connection> {
  const { ServerCredentials } = loadGrpc();
  const server = createServer({
    environment,
    clock: systemClock,
    backend: "file:///states",
    engineAddress,
    schema: '{"name":"cloudassistant"}',
    version: "1.2.3",
  });
  servers.push(server);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return () => connect(port);
}

let connections = 0;

function connect(port: number): Connection {
  const { credentials } = loadGrpc();
  // Clients of one process share a connection, unless they differ.
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.primary_user_agent": `engine-${connections++}`,
  });
  clients.push(client);
  const ask = <A>(send: (answer: Answer<A>) => unknown): Promise<A> =>
    new Promise((resolve, reject) => send((error, response) => (error ? reject(error) : resolve(response))));
  return {
    client,
    handshake: async (address) => {
      await ask<protocol.ProviderHandshakeResponse>((answered) =>
        client.handshake(new protocol.ProviderHandshakeRequest().setEngineAddress(address), answered),
      );
    },
    attach: async (address) => {
      await ask<Empty>((answered) => client.attach(new PluginAttach().setAddress(address), answered));
    },
    configure: async (settings, named) => {
      const request = new protocol.ConfigureRequest().setArgs(writeStruct(settings));
      if (named !== undefined) request.setUrn(named.urn).setId(named.id);
      await ask<protocol.ConfigureResponse>((answered) => client.configure(request, answered));
    },
    checkConfig: async (settings) => {
      const answer = await ask<protocol.CheckResponse>((answered) =>
        client.checkConfig(new protocol.CheckRequest().setNews(writeStruct(settings)), answered),
      );
      return {
        inputs: readStruct(answer.getInputs()),
        reasons: failuresOf(answer.getFailuresList()).map(([, reason]) => reason),
      };
    },
    check: async (news, olds = {}) => {
      const request = new protocol.CheckRequest()
        .setUrn(URN)
        .setType(TYPE)
        .setOlds(writeStruct(olds))
        .setNews(writeStruct(news));
      const answer = await ask<protocol.CheckResponse>((answered) => client.check(request, answered));
      return { inputs: readStruct(answer.getInputs()), failures: failuresOf(answer.getFailuresList()) };
    },
    diff: async (id, olds, news) => {
      const request = new protocol.DiffRequest()
        .setUrn(URN)
        .setId(id)
        .setOlds(writeStruct(olds))
        .setNews(writeStruct(news));
      const answer = await ask<protocol.DiffResponse>((answered) => client.diff(request, answered));
      if (answer.getChanges() === protocol.DiffResponse.DiffChanges.DIFF_NONE) return undefined;
      const details = [
        ...(answer.getDetaileddiffMap().entries() as unknown as Iterable<[string, protocol.PropertyDiff]>),
      ];
      return {
        changed: Object.fromEntries(details.map(([path, detail]) => [path, KINDS[detail.getKind()] ?? ""])),
        names: answer.getDiffsList(),
        replaces: answer.getReplacesList(),
        deletesFirst: answer.getDeletebeforereplace(),
      };
    },
    create: async (inputs, { preview = false, timeoutSeconds = 0 } = {}) => {
      const request = new protocol.CreateRequest()
        .setUrn(URN)
        .setProperties(writeStruct(inputs))
        .setPreview(preview)
        .setTimeout(timeoutSeconds);
      const answer = await ask<protocol.CreateResponse>((answered) => client.create(request, answered));
      return { id: answer.getId(), outputs: readStruct(answer.getProperties()) };
    },
    read: async (id, state, inputs) => {
      const request = new protocol.ReadRequest().setUrn(URN).setId(id);
      if (state !== undefined) request.setProperties(writeStruct(state));
      if (inputs !== undefined) request.setInputs(writeStruct(inputs));
      const answer = await ask<protocol.ReadResponse>((answered) => client.read(request, answered));
      return {
        id: answer.getId(),
        outputs: readStruct(answer.getProperties()),
        inputs: readStruct(answer.getInputs()),
      };
    },
    update: async (id, olds, news, { preview = false } = {}) => {
      const request = new protocol.UpdateRequest()
        .setUrn(URN)
        .setId(id)
        .setOlds(writeStruct(olds))
        .setNews(writeStruct(news))
        .setPreview(preview);
      return readStruct(
        (await ask<protocol.UpdateResponse>((answered) => client.update(request, answered))).getProperties(),
      );
    },
    delete: async (id, state) => {
      await ask<Empty>((answered) =>
        client.delete(new protocol.DeleteRequest().setUrn(URN).setId(id).setProperties(writeStruct(state)), answered),
      );
    },
    invoke: async (name, args) => {
      const request = new protocol.InvokeRequest().setTok(`cloudassistant:index:${name}`).setArgs(writeStruct(args));
      const answer = await ask<protocol.InvokeResponse>((answered) => client.invoke(request, answered));
      return {
        result: readStruct(answer.getReturn()),
        reasons: failuresOf(answer.getFailuresList()).map(([, reason]) => reason),
      };
    },
    list: (query, limit = 0) => {
      const request = new protocol.ListRequest().setToken(TYPE).setQuery(writeStruct(query)).setLimit(limit);
      const stream = client.list(request);
      const found: { id: string; name: string }[] = [];
      return new Promise((resolve, reject) => {
        stream.on("data", (item: protocol.ListResponse) => {
          const result = item.getResult();
          found.push({ id: result?.getId() ?? "", name: result?.getName() ?? "" });
        });
        stream.on("end", () => resolve(found));
        stream.on("error", reject);
      });
    },
    construct: (request) => ask((answered) => client.construct(request, answered)),
    diffConfig: async (olds, news) => {
      const request = new protocol.DiffRequest().setOlds(writeStruct(olds)).setNews(writeStruct(news));
      return (await ask<protocol.DiffResponse>((answered) => client.diffConfig(request, answered))).toObject();
    },
    cancel: async () => {
      await ask<Empty>((answered) => client.cancel(new Empty(), answered));
    },
  };
}
