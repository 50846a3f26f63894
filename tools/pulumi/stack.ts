// One stack for an inline program, or for one in YAML: its state and settings in a folder of their own, nothing of the person's
// account.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type ConfigMap, LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { obtainYamlHost } from "./languages";
import { obtainPulumi, SDK } from "./obtain";

const REPOSITORY = path.resolve(__dirname, "../..");
const PLUGIN = "pulumi-resource-cloudassistant";
const CLOUD_VARIABLE = /^(ALICLOUD|ALIBABA_?CLOUD|ECS_ENDPOINT)/;

let pulumi: ReturnType<typeof obtainPulumi> | undefined;

interface Settings {
  projectName: string;
  /** The folder for state and settings; created when absent. */
  directory: string;
  /** The only cloud settings that the engine and its providers see; those of this process are hidden from them. */
  environment?: Readonly<Record<string, string>>;
  config?: ConfigMap;
  /** Where the plugin is looked for: the one of `dist`, or one that is installed into this stack's own Pulumi; default: `dist`. */
  plugin?: "dist" | "installed";
}

export interface StackOptions extends Settings {
  program: PulumiFn;
  /** The program's folder, in which the engine starts the process of the dynamic resources; default: the repository. */
  programDirectory?: string;
}

/**
 * Creates the stack `dev` of a fresh project, with the Pulumi CLI that this machine has or can make, and with the plugin of `dist`.
 *
 * @throws {PulumiUnavailable} when there is none.
 */
export async function createStack(options: StackOptions): Promise<Stack> {
  const { projectName, program, programDirectory = REPOSITORY, config = {} } = options;
  const { plugins, ...workspace } = await prepare(options);
  const projectSettings = {
    name: projectName,
    runtime: "nodejs" as const,
    main: programDirectory,
    // The Automation API's type does not know it, and writes it into Pulumi.yaml.
    plugins,
  };
  const stack = await LocalWorkspace.createStack(
    { stackName: "dev", projectName, program },
    { ...workspace, projectSettings },
  );
  await stack.setAllConfig(config);
  return stack;
}

/** A stack whose program is written anew before an operation. */
export interface YamlStack {
  stack: Stack;
  /** @param program everything but the project's name and runtime */
  write(program: string): void;
}

/**
 * The same for a program in YAML.
 *
 * @throws {Error} when there is no host of YAML programs, and none can be made.
 */
export async function createYamlStack(settings: Settings): Promise<YamlStack> {
  const { plugins, ...workspace } = await prepare(settings);
  const { workDir, envVars } = workspace;
  const head = { name: settings.projectName, runtime: "yaml", plugins };
  const write = (program: string) =>
    writeFileSync(
      path.join(workDir, "Pulumi.yaml"),
      `${Object.entries(head)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
        .join("")}${program}`,
    );
  write("");
  const PATH = `${envVars.PATH}${path.delimiter}${await obtainYamlHost()}`;
  const stack = await LocalWorkspace.createStack(
    { stackName: "dev", workDir },
    { ...workspace, envVars: { ...envVars, PATH } },
  );
  await stack.setAllConfig(settings.config ?? {});
  return { stack, write };
}

async function prepare({ directory, environment = {}, plugin = "dist" }: Settings) {
  const home = path.join(directory, "home");
  const state = path.join(directory, "state");
  const settings = path.join(directory, "project");
  const plugins = path.join(directory, "plugins");
  for (const folder of [home, state, settings, plugins]) mkdirSync(folder, { recursive: true });
  symlinkSync(path.join(REPOSITORY, "dist", `${PLUGIN}.js`), path.join(plugins, PLUGIN));
  pulumi ??= obtainPulumi();
  return {
    plugins: { providers: plugin === "dist" ? [{ name: "cloudassistant", path: plugins }] : [] },
    pulumiCommand: await pulumi,
    workDir: settings,
    pulumiHome: home,
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
  };
}

function hideCloudVariables(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) => CLOUD_VARIABLE.test(name));
  return Object.fromEntries(names.map((name) => [name, ""]));
}
