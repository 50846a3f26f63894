// One stack for an inline program: its state and settings in a folder of their own, nothing of the person's account.
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { type ConfigMap, LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { obtainPulumi, SDK } from "./obtain";

const REPOSITORY = path.resolve(__dirname, "../..");
const PLUGIN = "pulumi-resource-cloudassistant";
const CLOUD_VARIABLE = /^(ALICLOUD|ALIBABA_?CLOUD|ECS_ENDPOINT)/;

let pulumi: ReturnType<typeof obtainPulumi> | undefined;

export interface StackOptions {
  projectName: string;
  program: PulumiFn;
  /** The folder for state and settings; created when absent. */
  directory: string;
  /** The program's folder, in which the engine starts the process of the dynamic resources; default: the repository. */
  programDirectory?: string;
  /** The only cloud settings that the engine and its providers see; those of this process are hidden from them. */
  environment?: Readonly<Record<string, string>>;
  config?: ConfigMap;
}

/**
 * Creates the stack `dev` of a fresh project, with the Pulumi CLI that this machine has or can make, and with the plugin of `dist`.
 *
 * @throws {PulumiUnavailable} when there is none.
 */
export async function createStack(options: StackOptions): Promise<Stack> {
  const { projectName, program, directory, programDirectory = REPOSITORY, environment = {}, config = {} } = options;
  const home = path.join(directory, "home");
  const state = path.join(directory, "state");
  const settings = path.join(directory, "project");
  const plugins = path.join(directory, "plugins");
  for (const folder of [home, state, settings, plugins]) mkdirSync(folder, { recursive: true });
  symlinkSync(path.join(REPOSITORY, "dist", `${PLUGIN}.js`), path.join(plugins, PLUGIN));
  pulumi ??= obtainPulumi();
  const projectSettings = {
    name: projectName,
    runtime: "nodejs" as const,
    main: programDirectory,
    // The Automation API's type does not know it, and writes it into Pulumi.yaml.
    plugins: { providers: [{ name: "cloudassistant", path: plugins }] },
  };
  const stack = await LocalWorkspace.createStack(
    { stackName: "dev", projectName, program },
    {
      pulumiCommand: await pulumi,
      workDir: settings,
      pulumiHome: home,
      projectSettings,
      envVars: {
        ...hideCloudVariables(),
        ...environment,
        // Last, so that an installation's own host of dynamic resources comes first.
        PATH: `${process.env.PATH}${path.delimiter}${SDK}`,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    },
  );
  await stack.setAllConfig(config);
  return stack;
}

function hideCloudVariables(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) => CLOUD_VARIABLE.test(name));
  return Object.fromEntries(names.map((name) => [name, ""]));
}
