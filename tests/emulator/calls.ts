/** The few calls that stories are told with. A call that is refused fails the test with the refusal. */
import type { Answer, Service } from "./client";

type Changes = Readonly<Record<string, string | undefined>>;

export async function succeed(service: Service, action: string, parameters: Changes): Promise<Answer["body"]> {
  const answer = await service.call(action, parameters);
  expect({ action, status: answer.status, code: answer.body.Code }).toEqual({ action, status: 200, code: undefined });
  return answer.body;
}

export async function createCommand(service: Service, content: string, more: Changes = {}): Promise<string> {
  const parameters = { Name: "test", Type: "RunShellScript", ContentEncoding: "PlainText", CommandContent: content };
  return (await succeed(service, "CreateCommand", { ...parameters, ...more })).CommandId;
}

export async function invoke(service: Service, commandId: string, more: Changes): Promise<string> {
  return (await succeed(service, "InvokeCommand", { CommandId: commandId, ...more })).InvokeId;
}

/** Creates a command and invokes it. */
export async function run(service: Service, content: string, more: Changes): Promise<string> {
  return invoke(service, await createCommand(service, content), more);
}

/** The invocation as DescribeInvocations tells it, with plain output. */
export async function look(service: Service, invokeId: string): Promise<Answer["body"]> {
  const parameters = { InvokeId: invokeId, IncludeOutput: "true", ContentEncoding: "PlainText" };
  return (await succeed(service, "DescribeInvocations", parameters)).Invocations.Invocation[0];
}

/** The one run of an invocation. */
export async function lookAtRun(service: Service, invokeId: string, index = 0): Promise<Answer["body"]> {
  return (await look(service, invokeId)).InvokeInstances.InvokeInstance[index];
}

/** Every execution, newest first. */
export async function lookAtHistory(service: Service, invokeId: string): Promise<Answer["body"][]> {
  const parameters = { InvokeId: invokeId, IncludeHistory: "true", ContentEncoding: "PlainText", MaxResults: "50" };
  const body = await succeed(service, "DescribeInvocationResults", parameters);
  return body.Invocation.InvocationResults.InvocationResult;
}

/** A machine's status, as DescribeInstances tells it. */
export async function lookAtMachine(service: Service, instanceId: string): Promise<string> {
  const { Instances } = await succeed(service, "DescribeInstances", { InstanceIds: JSON.stringify([instanceId]) });
  return Instances.Instance[0].Status;
}

/** Whether a machine's agent has sent its heartbeat. */
export async function isAgentAlive(service: Service, instanceId: string): Promise<boolean> {
  const body = await succeed(service, "DescribeCloudAssistantStatus", { "InstanceId.1": instanceId });
  return body.InstanceCloudAssistantStatusSet.InstanceCloudAssistantStatus[0].CloudAssistantStatus === "true";
}
