/** What the service knows about machines, agents and commands: asked once in a run, however many resources want to know. */

import {
  type AgentFact,
  type CommandFact,
  describeCloudAssistantStatus,
  describeCommands,
  describeInstances,
  type InstanceFact,
  MAX_INSTANCES_PAGE,
  MAX_PAGE,
} from "./actions";
import { type Catalogue, createCatalogue } from "./catalogue";
import type { Client } from "./client";
import { type PageRequest, walkPages } from "./pages";

/** Everything throws `ApiError`; its kind is "denied" where RAM does not allow the question, which is then not asked again. */
export interface Inventory {
  /** The machines that exist in the region. Managed ones (`mi-…`) are not known here. */
  findInstances(instanceIds: readonly string[]): Promise<Map<string, InstanceFact>>;
  /** The agents of the machines that the Cloud Assistant knows. */
  findAgents(instanceIds: readonly string[]): Promise<Map<string, AgentFact>>;
  /** A command by its id, or a public one by its name. */
  findCommand(commandIdOrName: string): Promise<CommandFact | undefined>;
  /** The machines that carry all of these tags now. */
  findTaggedInstances(tags: Readonly<Record<string, string>>): Promise<InstanceFact[]>;
  /** As `findInstances`, asked anew: for waits, and before a refusal that rests on an old answer. */
  findFreshInstances(instanceIds: readonly string[]): Promise<Map<string, InstanceFact>>;
  /** As `findAgents`, asked anew. */
  findFreshAgents(instanceIds: readonly string[]): Promise<Map<string, AgentFact>>;
}

/** Ids that one question may name. */
const MAX_IDS = 100;

const PUBLIC_PROVIDER = "AlibabaCloud";

/** What is asked of one region in one run of the engine. */
export function createInventory(client: Client): Inventory {
  const instances = createCatalogue<InstanceFact>({
    findId: ({ instanceId }) => instanceId,
    askByIds: async (instanceIds) => (await describeInstances(client, { instanceIds })).instances,
    maxIds: MAX_IDS,
    askPage: async (request) => {
      const { instances: items, ...page } = await describeInstances(client, request);
      return { items, ...page };
    },
    pageSize: MAX_INSTANCES_PAGE,
    isLasting: ({ status }) => status === "Running",
  });

  const agents = createCatalogue<AgentFact>({
    findId: ({ instanceId }) => instanceId,
    askByIds: async (instanceIds) => (await describeCloudAssistantStatus(client, { instanceIds })).agents,
    maxIds: MAX_IDS,
    askPage: async (request) => {
      const { agents: items, ...page } = await describeCloudAssistantStatus(client, request);
      return { items, ...page };
    },
    pageSize: MAX_PAGE,
    isLasting: ({ online }) => online,
  });

  const commands = createCatalogue<CommandFact>({
    findId: ({ commandId }) => commandId,
    askByIds: async ([commandId = ""]) => (await describeCommands(client, { commandId })).commands,
    maxIds: 1,
    askPage: async (request) => {
      const { commands: items, ...page } = await describeCommands(client, request);
      return { items, ...page };
    },
    pageSize: MAX_PAGE,
    isLasting: () => true,
  });

  const publicCommands = createCatalogue<CommandFact>({
    findId: ({ name }) => name,
    askByIds: async ([name = ""]) => (await describeCommands(client, { name, provider: PUBLIC_PROVIDER })).commands,
    maxIds: 1,
    isLasting: () => true,
  });

  return {
    findInstances: (instanceIds) => instances.find(instanceIds.filter(isOwnInstance)),
    findFreshInstances: (instanceIds) => instances.findFresh(instanceIds.filter(isOwnInstance)),
    findTaggedInstances: async (tags) => {
      const found: InstanceFact[] = [];
      const ask = async (request: PageRequest) => {
        const { instances: items, ...page } = await describeInstances(client, { tags, ...request });
        return { items, ...page };
      };
      for await (const page of walkPages(ask, MAX_INSTANCES_PAGE)) found.push(...page);
      return found;
    },
    findAgents: (instanceIds) => agents.find(instanceIds),
    findFreshAgents: (instanceIds) => agents.findFresh(instanceIds),
    findCommand: async (commandIdOrName) => {
      const isOwn = commandIdOrName.startsWith("c-");
      const shared = isOwn ? undefined : await findOne(publicCommands, commandIdOrName);
      return shared ?? findOne(commands, commandIdOrName);
    },
  };
}

const findOne = async <F>(catalogue: Catalogue<F>, id: string): Promise<F | undefined> =>
  (await catalogue.find([id])).get(id);

/** DescribeInstances does not list the managed instances of other clouds. */
const isOwnInstance = (instanceId: string): boolean => !instanceId.startsWith("mi-");
