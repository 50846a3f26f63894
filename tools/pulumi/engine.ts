// The real Pulumi engine, driven one operation after another; an operation that fails is an answer, not an exception.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  CommandError,
  type ConfigMap,
  type Deployment,
  type EngineEvent,
  type OutputMap,
  type PreviewOptions,
  type PulumiFn,
  type Stack,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import { createStack, createYamlStack, type StackOptions } from "./stack";

/** What one operation of the engine did and said. */
export interface Report {
  succeeded: boolean;
  /** Each step on a resource of the program, in order: `create setup`, `same setup`, `replace setup`. */
  steps: string[];
  /** What stands under "Diagnostics": `warning setup: …`, and `error: …` where no resource is at fault. */
  diagnostics: string[];
  /** What was shown on the resources' rows while they were worked on. */
  statuses: string[];
  /** All that the command printed. */
  text: string;
  /** The stack's outputs; of an `up` that succeeded. */
  outputs: OutputMap;
}

/** A resource as the state holds it, secrets in the clear. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
}

/** @typeParam P the program: a function, or a text in YAML */
export interface Engine<P = PulumiFn> {
  /** The folder in which the state is kept. */
  readonly stateDirectory: string;
  preview(program: P, options?: Pick<PreviewOptions, "diff" | "policyPacks">): Promise<Report>;
  up(program: P, options?: UpSettings): Promise<Report>;
  /** `pulumi import`, without code and without protection. */
  import(type: string, name: string, id: string): Promise<Report>;
  refresh(): Promise<Report>;
  destroy(): Promise<Report>;
  /** The resources of the program by name, from the state. */
  resources(): Promise<Record<string, StateResource>>;
  /** Everything that is kept on disk, as it is kept there: secrets encrypted. */
  stored(): string;
  setConfig(config: ConfigMap): Promise<void>;
  /** The state as it is, and as it was: an update whose outcome was lost. */
  save(): Promise<Deployment>;
  restore(state: Deployment): Promise<void>;
  /** `pulumi plugin install resource cloudassistant VERSION --server URL`. */
  install(version: string, url: string): Promise<void>;
  /** Takes off the lock that an engine which was killed has left: `pulumi cancel`. */
  unlock(): Promise<void>;
  /** Any other command of the CLI about this stack. */
  command(...args: string[]): Promise<void>;
  /** Gives the stack another name; the state moves with it. */
  rename(stackName: string): Promise<void>;
  /** From now on nothing can be saved, until what it returns is called. */
  loseSaves(): () => void;
  /** Removes the state and all else; whatever the program created must be gone by then. */
  remove(): void;
}

interface UpSettings extends Pick<UpOptions, "refresh" | "replace" | "policyPacks" | "parallel" | "target"> {
  /** Added to the environment of this operation and of all later ones. */
  environment?: Readonly<Record<string, string>>;
}

type Settings = Pick<StackOptions, "environment" | "config" | "plugin">;

/** Opens a fresh project with a state of its own. */
export async function openEngine(settings: Settings = {}): Promise<Engine> {
  const directory = mkdtempSync(path.join(tmpdir(), "story-"));
  const stack = await createStack({ ...settings, projectName: "story", program: async () => {}, directory });
  return lead(stack, directory, (program) => {
    stack.workspace.program = program;
  });
}

/** The same for programs in YAML: what stands below the project's name and runtime. */
export async function openYamlEngine(settings: Settings = {}): Promise<Engine<string>> {
  const directory = mkdtempSync(path.join(tmpdir(), "story-"));
  const { stack, write } = await createYamlStack({ ...settings, projectName: "story", directory });
  return lead(stack, directory, write);
}

function lead<P>(stack: Stack, directory: string, setProgram: (program: P) => void): Engine<P> {
  const stateDirectory = path.join(directory, "state", ".pulumi", "stacks", "story");
  const { workspace } = stack;
  return {
    stateDirectory,
    preview(program, more = {}) {
      setProgram(program);
      return observe((options) => stack.preview({ ...options, ...more }));
    },
    up(program, { environment = {}, ...more } = {}) {
      setProgram(program);
      workspace.envVars = { ...workspace.envVars, ...environment };
      return observe((options) => stack.up({ ...options, ...more }));
    },
    import: (type, name, id) =>
      // It tells no events.
      observe(({ onEvent: _, ...options }) =>
        stack.import({ ...options, resources: [{ type, name, id }], protect: false, generateCode: false }),
      ),
    refresh: () => observe((options) => stack.refresh(options)),
    destroy: () => observe((options) => stack.destroy(options)),
    resources: () => readResources(stack),
    install: (version, url) => workspace.installPluginFromServer("cloudassistant", version, url),
    unlock: () => {
      dropTornAttributes(stateDirectory);
      return stack.cancel();
    },
    command: async (...args) => {
      const env = { ...process.env, ...workspace.envVars, PULUMI_HOME: workspace.pulumiHome };
      const { command } = workspace.pulumiCommand;
      await promisify(execFile)(command, [...args, "--stack", stack.name], { cwd: workspace.workDir, env });
    },
    rename: async (stackName) => void (await stack.rename({ stackName })),
    loseSaves: () => loseSaves(stateDirectory),
    stored: () => readAll(path.join(directory, "state")) + readAll(path.join(directory, "project")),
    setConfig: (config) => stack.setAllConfig(config),
    save: () => stack.exportStack(),
    restore: (state) => stack.importStack(state),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Puts a file in the folder's place: that stops whoever saves, even where the superuser runs it. */
function loseSaves(directory: string): () => void {
  const aside = `${directory}.aside`;
  renameSync(directory, aside);
  // An engine that saves at this very moment makes the folder anew.
  for (let isFile = false; !isFile; ) {
    rmSync(directory, { recursive: true, force: true });
    try {
      writeFileSync(directory, "", { flag: "wx" });
      isFile = true;
    } catch {}
  }
  return () => {
    rmSync(directory, { recursive: true, force: true });
    renameSync(aside, directory);
  };
}

/**
 * Beside each state the engine keeps a file of its type, which it writes in place: an engine that is killed there leaves it empty,
 * and the next one fails with "failed to load checkpoint: EOF". Without the file it goes on.
 */
function dropTornAttributes(directory: string): void {
  for (const name of readdirSync(directory).filter((file) => file.endsWith(".attrs")))
    if (statSync(path.join(directory, name)).size === 0) rmSync(path.join(directory, name));
}

function readAll(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8")).join("\n");
}

type Operation = (options: {
  color: "never";
  onEvent: (event: EngineEvent) => void;
  onOutput: (text: string) => void;
  onError: (text: string) => void;
}) => Promise<object>;

async function observe(operation: Operation): Promise<Report> {
  const events: EngineEvent[] = [];
  let text = "";
  const collect = (piece: string) => {
    text += piece;
  };
  const report = (succeeded: boolean, outputs: OutputMap): Report => {
    const said = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
    return {
      succeeded,
      steps: events.flatMap(formatStep),
      diagnostics: said.filter(({ ephemeral, severity }) => !ephemeral && isShown(severity)).map(formatDiagnostic),
      statuses: said.filter(({ ephemeral }) => ephemeral).map(({ message }) => plain(message)),
      text,
      outputs,
    };
  };
  const onEvent = (event: EngineEvent) => void events.push(event);
  try {
    const result = await operation({ color: "never", onEvent, onOutput: collect, onError: collect });
    return report(true, "outputs" in result ? (result.outputs as OutputMap) : {});
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return report(false, {});
  }
}

function formatStep({ resourcePreEvent }: EngineEvent): string[] {
  if (resourcePreEvent === undefined) return [];
  const { op, urn, type } = resourcePreEvent.metadata;
  return type.startsWith("pulumi:") ? [] : [`${op} ${parseName(urn)}`];
}

function formatDiagnostic({ severity, urn, message }: { severity: string; urn?: string; message: string }): string {
  const name = urn ? parseName(urn) : "";
  const text = plain(message);
  // What the provider says names its resource once more, for those who see no heading over it.
  return `${severity}${urn ? ` ${name}` : ""}: ${text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text}`;
}

/** The engine reports debug messages as well, which the SDK's own type does not know. */
const isShown = (severity: string) => severity !== "debug";

/** Without the engine's colour marks (`<{%reset%}>`). */
const plain = (message: string) => message.replace(/<\{%.*?%\}>/g, "").trim();

const parseName = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);

async function readResources(stack: Stack): Promise<Record<string, StateResource>> {
  const { deployment } = await stack.exportStack();
  const resources: StateResource[] = deployment.resources ?? [];
  const own = resources.filter(({ type }) => !type.startsWith("pulumi:"));
  return Object.fromEntries(own.map((resource) => [parseName(resource.urn), resource]));
}
