/** The engine's resource monitor, with which a component registers itself and its resources. */
import type { ClientUnaryCall, ServiceError } from "@grpc/grpc-js";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  type RegisterResourceResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { Properties } from "../../lifecycle/state";
import { ExpectedFailure } from "../../runs/failure";
import { NEAR } from "../engine";
import { loadGrpc } from "../grpc";
import { MESSAGE_LIMITS, writeStruct } from "./struct";

export interface Monitor {
  /**
   * Ends when the engine is done with the resource: created, updated or left as it is.
   *
   * @throws {MonitorGone} when nothing is registered any more
   * @throws {ExpectedFailure} when the engine refuses it, such as an option that it cannot read
   */
  register(request: RegisterResourceRequest): Promise<RegisterResourceResponse>;
  registerOutputs(urn: string, outputs: Properties): Promise<void>;
  close(): void;
}

/** The engine ends the operation: a step has failed, or the person interrupts. It says so itself. */
export class MonitorGone extends Error {}

type Answered<A> = (error: ServiceError | null, answer: A) => void;

/** @param ended aborted when the engine is done */
export function connectMonitor(address: string, ended: AbortSignal): Monitor {
  const { credentials, status } = loadGrpc();
  const client = new ResourceMonitorClient(address, credentials.createInsecure(), { ...MESSAGE_LIMITS, ...NEAR });
  const ask = <A>(send: (answered: Answered<A>) => ClientUnaryCall): Promise<A> =>
    new Promise((resolve, reject) => {
      if (ended.aborted) return reject(new MonitorGone());
      const call = send((error, answer) => {
        ended.removeEventListener("abort", leave);
        if (error === null) return resolve(answer);
        const isGone = error.code === status.UNAVAILABLE || error.code === status.CANCELLED;
        reject(isGone ? new MonitorGone() : new ExpectedFailure(error.details));
      });
      const leave = () => call.cancel();
      ended.addEventListener("abort", leave, { once: true });
    });
  return {
    register: (request) => ask((answered) => client.registerResource(request, answered)),
    registerOutputs: async (urn, outputs) => {
      const request = new RegisterResourceOutputsRequest().setUrn(urn).setOutputs(writeStruct(outputs));
      await ask((answered) => client.registerResourceOutputs(request, answered));
    },
    close: () => client.close(),
  };
}
