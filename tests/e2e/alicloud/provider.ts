// Stands in for the provider of @pulumi/alicloud, which few machines have: what it creates, it adds to the emulator. The
// engine, the program and the package are the real ones.
import { main } from "@pulumi/pulumi/provider";

type Inputs = Record<string, unknown>;

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
  const commandId = `c-${name}`;
  const content = Buffer.from(String(inputs.commandContent), "base64").toString();
  await add("commands", { commandId, name, type: inputs.type, content, timeoutSeconds: inputs.timeout });
  return { id: commandId, outs: inputs };
}

void main({ version: "3.0.0", create, delete: async () => {} }, process.argv.slice(2));
