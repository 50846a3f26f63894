/** Pages of a listing: by NextToken and MaxResults, or, as before 2023, by PageNumber and PageSize. */

import type { Choices } from "../choices";
import type { Refusal } from "../gateway/action";
import { integer, long, string } from "../gateway/parameters";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "../limits";

/** The parameters of every Cloud Assistant listing. */
export const pageParameters = {
  MaxResults: integer,
  NextToken: string,
  PageNumber: long,
  PageSize: long,
} as const;

export interface PageRequest {
  readonly MaxResults: number | undefined;
  readonly NextToken: string | undefined;
  readonly PageNumber: number | undefined;
  readonly PageSize: number | undefined;
}

export const pageNumberRefusal: Refusal<PageRequest> = [
  "InvalidParam.PageNumber",
  (request) => !isTokenPaged(request) && (request.PageNumber ?? 1) < 1,
];

export const nextTokenRefusal: Refusal<PageRequest> = [
  "InvalidParameter.NextToken",
  ({ NextToken }) => !!NextToken && parseToken(NextToken) === undefined,
];

/** Of every Cloud Assistant listing; what is beyond a bound is refused, not clamped (not documented). */
export const pageRefusals: readonly Refusal<PageRequest>[] = [
  pageNumberRefusal,
  ["InvalidParam.PageSize", (request) => !isTokenPaged(request) && !isWithin(request.PageSize)],
  ["InvalidParameter.MaxResults", ({ MaxResults }) => !isWithin(MaxResults)],
  nextTokenRefusal,
];

const isTokenPaged = ({ MaxResults, NextToken }: PageRequest): boolean =>
  MaxResults !== undefined || (NextToken !== undefined && NextToken !== "");

const isWithin = (size: number | undefined): boolean => size === undefined || (size >= 1 && size <= MAX_PAGE_SIZE);

export interface Page<Item> {
  readonly items: readonly Item[];
  /** PageNumber, PageSize, TotalCount and NextToken of the answer. */
  readonly fields: Readonly<Record<string, number | string>>;
}

/**
 * Cuts a page out of `listed`.
 * A token names the last item seen by its sequence, so that a listing which grows at its head between two pages shows nothing twice.
 */
export function cutPage<Item extends { readonly sequence: number }>(
  listed: readonly Item[],
  request: PageRequest,
  choices: Choices,
): Page<Item> {
  const size = (isTokenPaged(request) ? request.MaxResults : request.PageSize) ?? DEFAULT_PAGE_SIZE;
  const number = isTokenPaged(request) ? 1 : (request.PageNumber ?? 1);
  const start = isTokenPaged(request) ? findStart(listed, request.NextToken) : (number - 1) * size;
  const items = listed.slice(start, start + size);
  const last = items.at(-1);
  const hasMore = last !== undefined && start + size < listed.length;
  const fields = { PageNumber: number, PageSize: size, TotalCount: listed.length };
  if (hasMore) return { items, fields: { ...fields, NextToken: formatToken(last.sequence) } };
  return { items, fields: choices.lastNextToken === "absent" ? fields : { ...fields, NextToken: "" } };
}

function findStart(listed: readonly { readonly sequence: number }[], token: string | undefined): number {
  const seen = token ? parseToken(token) : undefined;
  const [first, second] = listed;
  if (seen === undefined || first === undefined) return 0;
  const isDescending = second !== undefined ? first.sequence > second.sequence : first.sequence > seen;
  const index = listed.findIndex(({ sequence }) => (isDescending ? sequence < seen : sequence > seen));
  return index === -1 ? listed.length : index;
}

const formatToken = (sequence: number): string => Buffer.from(`after ${sequence}`).toString("base64url");

function parseToken(token: string): number | undefined {
  const match = /^after (\d{1,15})$/.exec(Buffer.from(token, "base64url").toString("latin1"));
  return match === null ? undefined : Number(match[1]);
}
