// Before the stories: a Pulumi CLI for all of them. In CI there must be one; elsewhere its absence is said, loudly.
import { obtainPulumi } from "../../tools/pulumi/obtain";

export default async function obtainOnce(): Promise<void> {
  delete process.env.PULUMI_UNAVAILABLE;
  try {
    await obtainPulumi();
  } catch (error) {
    if (process.env.CI === "true") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    process.env.PULUMI_UNAVAILABLE = reason;
    process.stderr.write(`\nEvery test in tests/e2e is SKIPPED, since there is no engine to run it.\n${reason}\n\n`);
  }
}
