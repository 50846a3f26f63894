/** Walks a listing page by page. */

import { ApiError } from "./errors";

/** Where a listing goes on: at a token, or at a page number (from 1) where the region refuses tokens. */
export interface PageRequest {
  nextToken?: string;
  pageNumber?: number;
}

/** What a listing says about itself. */
export interface Page {
  /** "" on the last page. */
  nextToken: string;
  /** How many there are in all; absent when the service does not say. */
  totalCount?: number;
}

/**
 * The pages of a listing, each asked for when it is wanted.
 * @param ask One call.
 * @param size Items of a full page: where the region refuses tokens, a shorter page is the last.
 */
export async function* walkPages<T>(
  ask: (request: PageRequest) => Promise<{ items: T[] } & Page>,
  size: number,
): AsyncGenerator<T[]> {
  let request: PageRequest | undefined = {};
  while (request !== undefined) {
    const { items, nextToken }: { items: T[] } & Page = await ask(request).catch((failure: unknown) => {
      if (!refusesTokens(failure) || request?.nextToken !== undefined) throw failure;
      request = { pageNumber: 1 };
      return ask(request);
    });
    yield items;
    request = findNext(request, nextToken, items.length === size);
  }
}

/** Endpoints of some regions know page numbers only. */
const refusesTokens = (failure: unknown): boolean =>
  failure instanceof ApiError && failure.code === "InvalidParameter.MaxResults";

function findNext(request: PageRequest, nextToken: string, full: boolean): PageRequest | undefined {
  if (request.pageNumber !== undefined) return full ? { pageNumber: request.pageNumber + 1 } : undefined;
  return nextToken === "" ? undefined : { nextToken };
}
