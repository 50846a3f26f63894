/**
 * The provider object that Pulumi serializes into the state of every rollout's verdict: this module's exports ARE that object.
 * It captures nothing and its text must never change, as that of `shim.ts`.
 */

import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from "@pulumi/pulumi/dynamic";

type Properties = Record<string, unknown>;

export const configure = (request: { config: { get(key: string): string | undefined } }): Promise<void> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.configure(request));

export const check = (olds: Properties, news: Properties): Promise<CheckResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.verdict.check(olds, news));

export const diff = (id: string, olds: Properties, news: Properties): Promise<DiffResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.verdict.diff(id, olds, news));

export const create = (inputs: Properties): Promise<CreateResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.verdict.create(inputs));

export const read = (id: string, properties: Properties): Promise<ReadResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.verdict.read(id, properties));

export const update = (id: string, olds: Properties, news: Properties): Promise<UpdateResult> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.verdict.update(id, olds, news));

const remove = (id: string, properties: Properties): Promise<void> =>
  import("pulumi-cloud-assistant/provider").then((provider) => provider.verdict.delete(id, properties));

export { remove as delete };
