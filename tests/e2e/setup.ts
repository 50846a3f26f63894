// Before the stories: a Pulumi CLI for all of them, with its host of YAML programs. In CI there must be both; elsewhere their absence is
// said, loudly.
import { obtainYamlHost } from "../../tools/pulumi/languages";
import { obtainPulumi } from "../../tools/pulumi/obtain";

export default async function obtainOnce(): Promise<void> {
  await obtain(
    "PULUMI_UNAVAILABLE",
    "Every test in tests/e2e is SKIPPED, since there is no engine to run it.",
    obtainPulumi,
  );
  await obtain(
    "PULUMI_YAML_UNAVAILABLE",
    "Every story in YAML is SKIPPED, since nothing runs its program.",
    obtainYamlHost,
  );
}

async function obtain(variable: string, loss: string, way: () => Promise<unknown>): Promise<void> {
  delete process.env[variable];
  try {
    await way();
  } catch (error) {
    if (process.env.CI === "true") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    process.env[variable] = reason;
    process.stderr.write(`\n${loss}\n${reason}\n\n`);
  }
}
