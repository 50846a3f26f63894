/** Finds invocations. An answer that cannot be judged is a failure here, and never "there is none". */

import { describeInvocations, type InvocationRecord, MAX_PAGE } from "./actions";
import type { Client } from "./client";
import { ApiError } from "./errors";
import { type Page, type PageRequest, walkPages } from "./pages";

/**
 * The record of one invocation; undefined when the service has none.
 * @throws {ApiError}
 */
export async function findInvocation(
  client: Client,
  invokeId: string,
  options: { includeOutput?: boolean } = {},
): Promise<InvocationRecord | undefined> {
  const page = await describeInvocations(client, { invokeId, ...options });
  const record = page.invocations.find((invocation) => invocation.invokeId === invokeId);
  if (record === undefined && (page.invocations.length > 0 || isIncomplete(page)))
    throw unreadable(client, `it was asked for invocation "${invokeId}" and shows ${describePage(page)}`);
  return record;
}

/** What is listed. */
export interface InvocationQuery {
  tags?: Readonly<Record<string, string>>;
  /** What runs by a schedule or at reboot; absent, the service may leave that out. */
  timed?: boolean;
  invokeStatus?: string;
}

/**
 * Everything that a query lists, walked to its end.
 * @throws {ApiError}
 */
export async function listInvocations(client: Client, query: InvocationQuery): Promise<InvocationRecord[]> {
  const tokens = new Set<string>();
  let pages = 0;
  const ask = async (request: PageRequest) => {
    const { invocations: items, ...page } = await describeInvocations(client, { ...query, ...request });
    if (tokens.has(page.nextToken)) throw unreadable(client, `its pages go round, at token "${page.nextToken}"`);
    if (page.nextToken !== "") tokens.add(page.nextToken);
    if (pages++ === 0 && items.length === 0 && page.nextToken === "" && isIncomplete(page))
      throw unreadable(client, `it shows ${describePage({ invocations: items, ...page })}`);
    return { items, ...page };
  };
  const found: InvocationRecord[] = [];
  for await (const page of walkPages(ask, MAX_PAGE)) found.push(...page);
  const untold = found.find(({ tags }) => Object.keys(query.tags ?? {}).some((key) => tags[key] === undefined));
  if (untold !== undefined)
    throw unreadable(client, `it shows invocation "${untold.invokeId}" without the tag that was asked for`);
  return found;
}

/**
 * Everything that carries the tags. The service may show what runs by a schedule only where that is asked for.
 * @throws {ApiError}
 */
export async function listTagged(client: Client, tags: Readonly<Record<string, string>>): Promise<InvocationRecord[]> {
  const listed = [{ tags }, { tags, timed: true }].map((query) => listInvocations(client, query));
  return (await Promise.all(listed)).flat();
}

const isIncomplete = ({ nextToken, totalCount }: Page): boolean => nextToken !== "" || (totalCount ?? 0) > 0;

const describePage = ({ invocations, totalCount, nextToken }: { invocations: unknown[] } & Page): string =>
  invocations.length > 0
    ? "others"
    : `none, although it tells of ${nextToken === "" ? `${totalCount} in all` : "further pages"}`;

const unreadable = ({ endpoint }: Client, reason: string): ApiError =>
  new ApiError({
    action: "DescribeInvocations",
    endpoint,
    code: "",
    status: 0,
    serviceMessage: "",
    unreadable: reason,
  });
