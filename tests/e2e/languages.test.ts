// The program of docs/languages.md in the languages whose host is on PATH, as its reader makes it: the plugin named, the SDK added, up.
import { execFile } from "node:child_process";
import {
  accessSync,
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { obtainPulumi } from "../../tools/pulumi/obtain";
import { onEngine } from "./engine";

const REPOSITORY = path.resolve(__dirname, "../..");
const PLUGIN = "pulumi-resource-cloudassistant";

interface Language {
  runtime: object | string;
  /** Files of the program by their names, each of `docs/languages`. */
  program: Record<string, string>;
  /** What a new project has beside the program. */
  project: Record<string, string>;
  /** What has to be done once the SDK is added. */
  prepare?: readonly [command: string, ...args: string[]];
}

/** C# and Java have programs in docs/languages as well, and no story: there was no machine to write one on. */
const LANGUAGES: Record<string, Language> = {
  python: {
    runtime: { name: "python", options: { toolchain: "pip", virtualenv: "venv" } },
    program: { "__main__.py": "program.py" },
    project: { "requirements.txt": "pulumi>=3,<4\n" },
  },
  go: {
    runtime: "go",
    program: { "main.go": "program.go" },
    project: { "go.mod": "module story\n\ngo 1.25\n\nrequire github.com/pulumi/pulumi/sdk/v3 v3.259.0\n" },
    prepare: ["go", "mod", "tidy"],
  },
};

// It fetches the language's own packages, and Go compiles them.
const STORY_MS = 900_000;

function isOnPath(file: string): boolean {
  return (process.env.PATH ?? "").split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, file), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const known = Object.entries(LANGUAGES).filter(([name]) => isOnPath(`pulumi-language-${name}`));
const unknown = [...Object.keys(LANGUAGES), "dotnet", "java"].filter((name) =>
  known.every(([other]) => other !== name),
);
if (unknown.length > 0)
  process.stderr.write(
    `\nStories in ${unknown.join(", ")} are SKIPPED: there is no host of theirs on PATH, or no story.\n\n`,
  );

let directory: string;
let emulator: Emulator;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "language-"));
  emulator = await startEmulator({
    instances: ["i-web1", "i-web2"].map((instanceId) => ({ instanceId, tags: { role: "web" } })),
    commands: [
      { commandId: "c-install", name: "install", content: "echo {{version}}", enableParameter: true },
      { commandId: "c-hello", name: "hello", content: "echo hello from {{ACS::InstanceId}}", enableParameter: true },
    ],
  });
});

afterEach(async () => {
  await emulator.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Puts the program into the project's folder. */
function copyProgram(folder: string, { program }: Language): void {
  for (const [name, source] of Object.entries(program))
    copyFileSync(path.join(REPOSITORY, folder, source), path.join(directory, name));
}

/** Makes the project and answers how to run a command in it. */
async function openProject({ runtime, project }: Language) {
  const [plugins, state, home] = ["plugins", "state", "home"].map((name) => path.join(directory, name));
  for (const folder of [plugins, state, home]) mkdirSync(String(folder));
  symlinkSync(path.join(REPOSITORY, "dist", `${PLUGIN}.js`), path.join(String(plugins), PLUGIN));
  const settings = { name: "story", runtime, plugins: { providers: [{ name: "cloudassistant", path: plugins }] } };
  writeFileSync(path.join(directory, "Pulumi.yaml"), JSON.stringify(settings));
  for (const [name, text] of Object.entries(project)) writeFileSync(path.join(directory, name), text);
  const env = {
    ...process.env,
    ...emulator.environment,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    GOFLAGS: "-mod=mod",
  };
  return async (command: string, ...args: string[]) =>
    (await promisify(execFile)(command, args, { cwd: directory, env, maxBuffer: 1e8 })).stdout;
}

const effects = () => emulator.journal().flatMap(({ action }) => (/^(Invoke|Stop)/.test(action) ? [action] : []));

onEngine("the programs of docs/languages.md", () => {
  const story = known.length > 0 ? test.each(known) : test.skip.each(Object.entries(LANGUAGES));

  story(
    "in %s are run and destroyed",
    async (_, language) => {
      const run = await openProject(language);
      copyProgram("docs/languages", language);
      const { command: pulumi } = await obtainPulumi();
      await run(pulumi, "package", "add", path.join(directory, "plugins", PLUGIN));
      if (language.prepare !== undefined) await run(...language.prepare);
      await run(pulumi, "stack", "init", "dev");
      await run(pulumi, "up", "--yes", "--skip-preview");
      expect(JSON.parse(await run(pulumi, "stack", "output", "--json"))).toEqual({
        printed: "hello from i-web1\n",
        status: "Scheduled",
      });
      copyProgram("docs/languages/rollout", language);
      await run(pulumi, "up", "--yes", "--skip-preview");
      expect(JSON.parse(await run(pulumi, "stack", "output", "--json"))).toEqual({ status: "Succeeded", failed: {} });
      await run(pulumi, "destroy", "--yes", "--skip-preview");
      // The second program has the nightly one no more.
      const ends = effects().toSorted();
      expect(ends).toEqual([...Array(4).fill("InvokeCommand"), "StopInvocation"]);
    },
    STORY_MS,
  );
});
