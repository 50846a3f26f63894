// Stands in for the provider of @pulumi/alicloud, which few machines have: what it creates, it adds to the emulator. The
// engine, the program and the package are the real ones.
import Ecs, { InvokeCommandRequest, StopInvocationRequest } from "@alicloud/ecs20140526";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import { main } from "@pulumi/pulumi/provider";

type Inputs = Record<string, unknown>;

const REGION_ID = process.env.ALIBABA_CLOUD_REGION;

function service(): Ecs {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret } = process.env;
  const endpoint = new URL(process.env.ALIBABA_CLOUD_ENDPOINT_ECS ?? "").host;
  return new Ecs(
    new $OpenApiUtil.Config({ accessKeyId, accessKeySecret, regionId: REGION_ID, endpoint, protocol: "http" }),
  );
}

/** What a machine's package manager says: it knows two packages. */
const OUTCOMES = {
  "yum install --assumeyes nginx": { output: "Complete!\n" },
  "yum install --assumeyes nginx certbot": { output: "Complete!\n" },
  "*": { exitCode: 1, output: "Error: Unable to find a match\n" },
};

/** Adds to the emulator through its control API. */
async function add(what: "instances" | "commands", seed: object): Promise<void> {
  const url = `${process.env.ALIBABA_CLOUD_ENDPOINT_ECS}/_emulator/${what}`;
  const authorization = `Bearer ${process.env.CLOUD_ASSISTANT_EMULATOR_TOKEN}`;
  const headers = { authorization, "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(seed) });
  if (!response.ok) throw new Error(`The emulator refused ${what}: ${await response.text()}`);
}

async function create(urn: string, inputs: Inputs): Promise<{ id: string; outs: Inputs }> {
  const [type = "", name = ""] = urn.split("::").slice(-2);
  if (type.endsWith("ecs/instance:Instance")) {
    const instanceId = `i-${name}`;
    await add("instances", { instanceId, outcomes: OUTCOMES });
    return { id: instanceId, outs: inputs };
  }
  if (type.endsWith("ecs/ecsInvocation:EcsInvocation")) {
    const request = new InvokeCommandRequest({ regionId: REGION_ID, ...inputs, instanceId: inputs.instanceIds });
    const { body } = await service().invokeCommand(request);
    return { id: String(body?.invokeId), outs: inputs };
  }
  const commandId = `c-${name}`;
  const content = Buffer.from(String(inputs.commandContent), "base64").toString();
  await add("commands", { commandId, name, type: inputs.type, content, timeoutSeconds: inputs.timeout });
  return { id: commandId, outs: inputs };
}

/** What it creates it leaves, but for what is live. */
async function destroy(invokeId: string, urn: string): Promise<void> {
  if (urn.split("::").at(-2)?.endsWith("ecs/ecsInvocation:EcsInvocation"))
    await service().stopInvocation(new StopInvocationRequest({ regionId: REGION_ID, invokeId }));
}

void main({ version: "3.0.0", create, delete: destroy }, process.argv.slice(2));
