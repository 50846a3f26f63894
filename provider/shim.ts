/**
 * The provider object that Pulumi serializes into every resource's state: this module's exports ARE that object.
 * It captures nothing and its text must never change, since old states run it; fixes go into the handlers behind it.
 */

import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from "@pulumi/pulumi/dynamic";

type Properties = Record<string, unknown>;

export const configure = (request: { config: { get(key: string): string | undefined } }): Promise<void> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.configure(request));

export const check = (olds: Properties, news: Properties): Promise<CheckResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.check(olds, news));

export const diff = (id: string, olds: Properties, news: Properties): Promise<DiffResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.diff(id, olds, news));

export const create = (inputs: Properties): Promise<CreateResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.create(inputs));

export const read = (id: string, properties: Properties): Promise<ReadResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.read(id, properties));

export const update = (id: string, olds: Properties, news: Properties): Promise<UpdateResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.update(id, olds, news));

const stop = (id: string, properties: Properties): Promise<void> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.delete(id, properties));

export { stop as delete };
