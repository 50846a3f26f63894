/** What every action's test has: a case for each parameter of the published list, and a case for each refusal. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as actions from "../../emulator/actions";
import { list, requiredList, requiredTagList, tagList } from "../../emulator/gateway/parameters";
import type { Service } from "./client";

export type Changes = Readonly<Record<string, string | undefined>>;

/** What is different from a valid request, and the answer to it. */
export type RefusalRow = readonly [title: string, changes: Changes, status: number, code: string, message: string];

/** A request that the service takes, asked for when the test runs, since ids are known only then. */
export type Valid = () => Changes;

interface Described {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
}

const describedBy = (action: string): readonly Described[] =>
  JSON.parse(readFileSync(join(__dirname, `../fixtures/openapi/${action}.json`), "utf8")).parameters;

/** Mandatory parameters left out, and values of the wrong type, answered as the gateway does. */
export function describeShape(service: () => Service, action: string, valid: Valid): void {
  const rows = describedBy(action).flatMap(({ name, type, required }): RefusalRow[] => {
    const sent = type === "RepeatList" ? `${name}.1` : name;
    const wrong = (value: string): RefusalRow => [
      `${name}=${value}`,
      { [sent]: value },
      400,
      `Invalid${name}`,
      `Specified parameter ${name} is not valid.`,
    ];
    const element = (number: number): RefusalRow => [
      `${name}.${number}`,
      { [`${name}.${number}`]: "x" },
      400,
      `Invalid${name}`,
      `Specified parameter ${name}.${number} is not valid.`,
    ];
    const numbers = ["ten", "1.5", "9".repeat(30), ...(name === "Timeout" ? ["-1"] : [])];
    const values = { Boolean: ["maybe", "1"], Long: numbers, Integer: ["ten", "0x10"] }[type];
    const absent = { [sent]: undefined, [`${sent}.Key`]: undefined, [`${sent}.Value`]: undefined };
    const missing: RefusalRow = [
      `${name} left out`,
      absent,
      400,
      `Missing${name}`,
      `${name} is mandatory for this action.`,
    ];
    const elements = isList(action, name) ? [0, 999_999_999].map(element) : [];
    return [...(required ? [missing] : []), ...(values ?? []).map(wrong), ...elements];
  });
  describe("shape", () => {
    testRefusals(service, action, valid, rows);
  });
}

/** Whether the action acts on a list; one that is not emulated is refused in another way. */
function isList(action: string, name: string): boolean {
  const taken = Object.values(actions).find((each) => each.name === action)?.takes[name];
  return taken !== undefined && [list, requiredList, tagList, requiredTagList].some((each) => each === taken);
}

/** Each refusal with code, status and message; none of the action's table may be left without a case. */
export function describeRefusals(
  service: () => Service,
  action: string,
  valid: Valid,
  rows: readonly RefusalRow[],
  elsewhere: readonly string[] = [],
): void {
  describe("refusals", () => {
    testRefusals(service, action, valid, rows);

    test("every refusal has a case", () => {
      const table = Object.values(actions).find(({ name }) => name === action)?.refuses ?? [];
      expect(new Set([...rows.map(([, , , code]) => code), ...elsewhere])).toEqual(new Set(table));
    });
  });
}

function testRefusals(service: () => Service, action: string, valid: Valid, rows: readonly RefusalRow[]): void {
  if (rows.length === 0) return;
  test.each(rows)("%s", async (_title, changes, status, code, message) => {
    const answer = await service().call(action, { ...valid(), ...changes });
    expect({ status: answer.status, Code: answer.body.Code, Message: answer.body.Message }).toEqual({
      status,
      Code: code,
      Message: message,
    });
  });
}

export const UNKNOWN_REGION: RefusalRow = [
  "an unknown region",
  { RegionId: "mars-north-1" },
  404,
  "InvalidRegionId.NotFound",
  "The specified RegionId does not exist.",
];

/** Of every Cloud Assistant listing. */
export const PAGES: readonly RefusalRow[] = [
  ["page 0", { PageNumber: "0" }, 400, "InvalidParam.PageNumber", "The specified parameter is invalid."],
  ["a page of 0", { PageSize: "0" }, 400, "InvalidParam.PageSize", "The specified parameter is invalid."],
  ["a page of 51", { PageSize: "51" }, 400, "InvalidParam.PageSize", "The specified parameter is invalid."],
  [
    "0 results",
    { MaxResults: "0" },
    400,
    "InvalidParameter.MaxResults",
    "The specified parameter MaxResults is not valid.",
  ],
  [
    "51 results",
    { MaxResults: "51" },
    400,
    "InvalidParameter.MaxResults",
    "The specified parameter MaxResults is not valid.",
  ],
  [
    "a token of its own making",
    { NextToken: "page two" },
    400,
    "InvalidParameter.NextToken",
    "The specified parameter NextToken is not valid.",
  ],
];

export const tags = (count: number): Changes =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      [`Tag.${index + 1}.Key`, `k${index}`],
      [`Tag.${index + 1}.Value`, "v"],
    ]).flat(),
  );

export const TAGS: readonly RefusalRow[] = [
  ["21 tags", tags(21), 400, "NumberExceed.Tags", "The Tags parameter's number is exceed , Valid : 20"],
  [
    "a tag without a key",
    { "Tag.1.Key": undefined, "Tag.1.Value": "v" },
    400,
    "MissingParameter.TagKey",
    "The specified Tag.n.Key cannot be null.",
  ],
  [
    "a tag key of 65 characters",
    { "Tag.1.Key": "k".repeat(65) },
    400,
    "InvalidTagKey.Malformed",
    "The specified Tag.n.Key is not valid.",
  ],
  [
    "a tag key of Alibaba's",
    { "Tag.1.Key": "acs:x" },
    400,
    "InvalidTagKey.Malformed",
    "The specified Tag.n.Key is not valid.",
  ],
  [
    "a tag value of 129 characters",
    { "Tag.1.Key": "k", "Tag.1.Value": "v".repeat(129) },
    400,
    "InvalidTagValue.Malformed",
    "The specified Tag.n.Value is not valid.",
  ],
  [
    "a tag key twice",
    { "Tag.1.Key": "k", "Tag.1.Value": "1", "Tag.2.Key": "k", "Tag.2.Value": "2" },
    400,
    "Duplicate.TagKey",
    "The Tag.N.Key contain duplicate key.",
  ],
];

/** What CreateCommand, RunCommand and ModifyCommand refuse alike. */
export const COMMAND_LIMITS: RefusalRow[] = [
  [
    "a name of 129 characters",
    { Name: "n".repeat(129) },
    403,
    "CmdName.ExceedLimit",
    "The length of the command name exceeds the upper limit.",
  ],
  [
    "a name of two lines",
    { Name: "a\nb" },
    403,
    "InvalidParameterCharacter.CommandName",
    "The command name contains illegal characters.",
  ],
  [
    "a description of 513 characters",
    { Description: "d".repeat(513) },
    403,
    "CmdDesc.ExceedLimit",
    "The length of the command description exceeds the upper limit.",
  ],
  [
    "a description of two lines",
    { Description: "a\nb" },
    403,
    "InvalidParameterCharacter.CommandDescription",
    "The command description contains illegal characters.",
  ],
  [
    "a working directory of 201 characters",
    { WorkingDir: `/${"w".repeat(200)}` },
    400,
    "InvalidParameter.WorkingDir",
    "The specified parameter WorkingDir is not valid.",
  ],
  [
    "a working directory of two lines",
    { WorkingDir: "/a\n/b" },
    403,
    "InvalidParameterCharacter.CommandWorkingDir",
    "The working directory of the command contains illegal characters.",
  ],
  [
    "a timeout of more than a day",
    { Timeout: "86401" },
    403,
    "InvalidTimeout.ExceedLimit",
    "The specified timeout exceeds the upper limit.",
  ],
  [
    "a launcher of 1025 bytes",
    { Launcher: "l".repeat(1025) },
    403,
    "InvalidLauncher.LengthLimitExceeded",
    "The length of the launcher exceeds the upper limit.",
  ],
];

/** What the actions that stop or restart a machine refuse alike. */
export const POWER_REFUSALS: RefusalRow[] = [
  [
    "an unknown machine",
    { InstanceId: "i-0" },
    404,
    "InvalidInstanceId.NotFound",
    "The specified instance ID does not exist.",
  ],
  [
    "a machine that is stopped",
    { InstanceId: "i-off" },
    403,
    "IncorrectInstanceStatus",
    "The current status of the resource does not support this operation.",
  ],
  ["a dry run", { DryRun: "true" }, 400, "DryRunOperation", "Request validation has been passed with DryRun flag set."],
];

/** Of what tags resources, or takes tags off. */
export const RESOURCE_REFUSALS: readonly RefusalRow[] = [
  UNKNOWN_REGION,
  [
    "an unknown type",
    { ResourceType: "moon" },
    404,
    "InvalidResourceType.NotFound",
    "The ResourceType provided does not exist in our records.",
  ],
  [
    "51 resources",
    Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`ResourceId.${index + 1}`, `c-${index}`])),
    400,
    "NumberExceed.ResourceIds",
    "The ResourceIds parameter's number is exceed , Valid : 50",
  ],
  [
    "a resource twice",
    { "ResourceId.1": "c-1", "ResourceId.2": "c-1" },
    400,
    "Duplicate.ResourceId",
    "The ResourceId.N contain duplicate resourceId.",
  ],
  [
    "an unknown id",
    { "ResourceId.1": "c-0" },
    404,
    "InvalidResourceId.NotFound",
    "The specified ResourceIds are not found in our records",
  ],
];
