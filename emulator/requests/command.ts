/** What CreateCommand, RunCommand and ModifyCommand refuse alike. */
import type { Refusal } from "../gateway/action";
import {
  MAX_COMMAND_NAME_CHARACTERS,
  MAX_DESCRIPTION_CHARACTERS,
  MAX_LAUNCHER_BYTES,
  MAX_PARAMETER_NAME_CHARACTERS,
  MAX_PARAMETERS_DEFINED,
  MAX_TIMEOUT_SECONDS,
  MAX_WORKING_DIR_CHARACTERS,
} from "../limits";
import { decodeContent, isContentTooLong, isKnownType } from "../region/command";
import { findParameterNames, hasEmptyName, hasMalformedName } from "../region/placeholder";

interface DescriptionRequest {
  readonly Name: string | undefined;
  readonly Description: string | undefined;
  readonly WorkingDir: string | undefined;
  readonly Timeout: number | undefined;
  readonly Launcher: string | undefined;
}

/** Fields that can be changed later as well. */
export const descriptionRefusals: readonly Refusal<DescriptionRequest>[] = [
  ["CmdName.ExceedLimit", ({ Name = "" }) => Name.length > MAX_COMMAND_NAME_CHARACTERS],
  ["InvalidParameterCharacter.CommandName", ({ Name = "" }) => hasControlCharacter(Name)],
  ["CmdDesc.ExceedLimit", ({ Description = "" }) => Description.length > MAX_DESCRIPTION_CHARACTERS],
  ["InvalidParameterCharacter.CommandDescription", ({ Description = "" }) => hasControlCharacter(Description)],
  ["InvalidParameter.WorkingDir", ({ WorkingDir = "" }) => WorkingDir.length > MAX_WORKING_DIR_CHARACTERS],
  ["InvalidParameterCharacter.CommandWorkingDir", ({ WorkingDir = "" }) => hasControlCharacter(WorkingDir)],
  ["InvalidTimeout.ExceedLimit", ({ Timeout = 0 }) => Timeout > MAX_TIMEOUT_SECONDS],
  ["InvalidLauncher.LengthLimitExceeded", ({ Launcher = "" }) => Buffer.byteLength(Launcher) > MAX_LAUNCHER_BYTES],
];

export const commandRefusals: readonly Refusal<DescriptionRequest & { readonly Type: string }>[] = [
  ["InvalidCmdType.NotFound", ({ Type }) => !isKnownType(Type)],
  ...descriptionRefusals,
];

interface ContentRequest {
  readonly CommandContent: string;
  readonly ContentEncoding: string | undefined;
  readonly EnableParameter: boolean | undefined;
}

/** The content and the parameters it defines. */
export function contentRefusals(defaultEncoding: "PlainText" | "Base64"): readonly Refusal<ContentRequest>[] {
  const decode = ({ CommandContent, ContentEncoding }: ContentRequest): Buffer | undefined =>
    decodeContent(CommandContent, ContentEncoding, defaultEncoding);
  /** Without parameters, nothing that stands in braces means anything. */
  const findScanned = (request: ContentRequest): Buffer =>
    (request.EnableParameter && decode(request)) || Buffer.alloc(0);
  return [
    ["CmdContent.DecodeError", (request) => decode(request) === undefined],
    ["CmdContent.ExceedLimit", (request) => isContentTooLong(decode(request) ?? Buffer.alloc(0))],
    ["CmdParam.EmptyKey", (request) => hasEmptyName(findScanned(request))],
    ["CmdParam.InvalidParamName", (request) => hasMalformedName(findScanned(request))],
    [
      "CmdParamName.ExceedLimit",
      (request) => findParameterNames(findScanned(request)).some((n) => n.length > MAX_PARAMETER_NAME_CHARACTERS),
    ],
    [
      "CmdParamCount.ExceedLimit",
      (request) => findParameterNames(findScanned(request)).length > MAX_PARAMETERS_DEFINED,
    ],
  ];
}

/** Tab and line breaks are refused as well: these are single lines. */
function hasControlCharacter(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\x00-\x1f\x7f]/.test(text);
}
