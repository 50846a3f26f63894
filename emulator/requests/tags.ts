/** Tags: what a pair may be, which resources match, and how they are shown. */
import type { Refusal } from "../gateway/action";
import type { TagPair } from "../gateway/parameters";
import { MAX_TAG_KEY_CHARACTERS, MAX_TAG_VALUE_CHARACTERS, MAX_TAGS } from "../limits";

export const tagRefusals: readonly Refusal<{ readonly Tag: readonly TagPair[] }>[] = [
  ["NumberExceed.Tags", ({ Tag }) => Tag.length > MAX_TAGS],
  ["MissingParameter.TagKey", ({ Tag }) => Tag.some(({ Key }) => Key === undefined || Key === "")],
  ["InvalidTagKey.Malformed", ({ Tag }) => Tag.some(({ Key = "" }) => !isTagKey(Key))],
  ["InvalidTagValue.Malformed", ({ Tag }) => Tag.some(({ Value = "" }) => !isTagValue(Value))],
  ["Duplicate.TagKey", ({ Tag }) => hasDuplicates(Tag.map(({ Key }) => Key))],
];

export function isTagKey(key: string): boolean {
  return key.length <= MAX_TAG_KEY_CHARACTERS && !/^(aliyun|acs:)/i.test(key) && !/https?:\/\//i.test(key);
}

export function isTagValue(value: string): boolean {
  return value.length <= MAX_TAG_VALUE_CHARACTERS && !/https?:\/\//i.test(value);
}

export function hasDuplicates(values: readonly unknown[]): boolean {
  return new Set(values).size !== values.length;
}

/** All pairs must match; a pair without a value matches any value of its key. */
export function matchesTags(tags: ReadonlyMap<string, string>, pairs: readonly TagPair[]): boolean {
  return pairs.every(({ Key = "", Value }) => tags.has(Key) && (Value === undefined || tags.get(Key) === Value));
}

export function createTags(pairs: readonly TagPair[]): Map<string, string> {
  return new Map(pairs.map(({ Key = "", Value = "" }) => [Key, Value]));
}

export function formatTags(tags: ReadonlyMap<string, string>): { readonly Tag: readonly object[] } {
  return { Tag: [...tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })) };
}
