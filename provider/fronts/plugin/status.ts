/** How a failure goes over the wire: a status, and for a failed step the state that is to be kept. */

import type { Metadata, ServerErrorResponse } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { loadGrpc } from "../grpc";
import { KeptFailure } from "./resource";
import { sealSecrets } from "./secrets";
import { writeStruct } from "./struct";

/** What the protocol has a method or a type for, and this package none. */
export class NotImplemented extends Error {}

/** A message travels in a header, of which Node sends at most 64 KiB, and there each character may take nine. */
const MAX_MESSAGE_CHARACTERS = 6_000;

export function describeFailure(failure: unknown): ServerErrorResponse {
  const { status } = loadGrpc();
  const error = failure instanceof Error ? failure : new Error(String(failure));
  const code = error instanceof NotImplemented ? status.UNIMPLEMENTED : status.UNKNOWN;
  const details = cut(messageOf(error));
  const metadata = failure instanceof KeptFailure ? formatState(failure) : undefined;
  return { name: error.name, message: details, code, details, ...(metadata && { metadata }) };
}

/** What a person can be expected to meet has a message for him; of a fault of ours the place is to be told as well. */
const messageOf = (error: Error): string =>
  error instanceof KeptFailure || error instanceof NotImplemented ? error.message : (error.stack ?? error.message);

const cut = (text: string): string =>
  text.length <= MAX_MESSAGE_CHARACTERS ? text : `${text.slice(0, MAX_MESSAGE_CHARACTERS)} …`;

function formatState({ id, outputs, reasons, message }: KeptFailure): Metadata {
  const { Metadata, status } = loadGrpc();
  const state = new ErrorResourceInitFailed();
  state.setId(id);
  state.setProperties(writeStruct(sealSecrets(outputs)));
  state.setReasonsList([...reasons]);
  const details = new Any();
  details.pack(state.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new Status();
  whole.setCode(status.UNKNOWN);
  whole.setMessage(message);
  whole.addDetails(details);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return metadata;
}
