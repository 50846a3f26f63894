/** Finds invocations by the value of one tag, with one listing for many questions. */

import { describeInvocations, type InvocationRecord } from "./actions";
import type { Client } from "./client";
import { ApiError } from "./errors";
import type { Page } from "./pages";

export interface TaggedInvocations {
  /**
   * The invocations whose tag has this value.
   * @throws {ApiError}
   */
  find(value: string): Promise<InvocationRecord[]>;
}

/** So many values are asked for one by one. */
const HANDFUL = 3;

/** A listing that does not end with this page answers nothing. */
const MAX_PAGES = 10;

/**
 * When more than a handful of values are asked for, everything that has the tag `shared` is listed, once, and whatever is not on that
 * listing need not be asked for. What is on it, and a value that is asked for again, is asked for by itself: since the listing,
 * a tag may have been taken off, and an invocation started by the one who asks again.
 */
export function createTaggedInvocations(
  client: Client,
  key: string,
  shared: { key: string; value: string },
): TaggedInvocations {
  const askedFor = new Set<string>();
  let listing: Promise<ReadonlySet<string> | undefined> | undefined;

  async function ask(value: string): Promise<InvocationRecord[]> {
    const { invocations } = await describeInvocations(client, { tags: { [key]: value } });
    return invocations.filter(({ tags }) => tags[key] === value);
  }

  /** Every value there is; absent when there are too many, or when the listing is denied or refused. */
  async function list(): Promise<ReadonlySet<string> | undefined> {
    const values = new Set<string>();
    let nextToken: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer: { invocations: InvocationRecord[] } & Page = await describeInvocations(client, {
        tags: { [shared.key]: shared.value },
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      for (const { tags } of answer.invocations) if (tags[key] !== undefined) values.add(tags[key]);
      if (answer.nextToken === "") return values;
      nextToken = answer.nextToken;
    }
    return undefined;
  }

  async function listIfAllowed(): Promise<ReadonlySet<string> | undefined> {
    try {
      return await list();
    } catch (failure) {
      if (failure instanceof ApiError && (failure.kind === "denied" || failure.kind === "refused")) return undefined;
      listing = undefined;
      throw failure;
    }
  }

  return {
    find: async (value) => {
      const isRepeated = askedFor.has(value);
      askedFor.add(value);
      if (isRepeated || askedFor.size <= HANDFUL) return ask(value);
      listing ??= listIfAllowed();
      const values = await listing;
      return values === undefined || values.has(value) ? ask(value) : [];
    },
  };
}
