// Secrets of a rollout through preview, stop, success, refusal, refresh and destroy: they are in no message, and what failed
// machines said is in no reason. What the engine does with values that it marks by itself is in tests/e2e/rollout.test.ts.
import { openService, type Service } from "../service";
import { declareFleet } from "./fleet";

const IDS = ["i-0", "i-1", "i-2", "i-3", "i-4", "i-5"];

let service: Service;

beforeEach(async () => {
  service = await openService({
    instances: IDS.map((instanceId) => ({
      instanceId,
      outcomes: {
        "echo secretbad": { exitCode: 3, output: "secretbad said secretbad" },
        "echo secretsick": { exitCode: 4, output: "secretsick" },
        "*": {},
      },
    })),
  });
});
afterEach(() => service.stop());

const BASE = { instanceIds: IDS, waves: [1, "50%", "100%"], commandContent: "echo good" };

// [what is secret, a value that works, one that fails, why, one that is refused]
test.each<[string, object, object, string, object]>([
  [
    "commandContent",
    { commandContent: "echo secretgood" },
    { commandContent: "echo secretbad" },
    "exited with code 3",
    { commandContent: "secretlong ".repeat(3_000) },
  ],
  [
    "check",
    { check: { commandContent: "echo secrethealthy" } },
    { check: { commandContent: "echo {{word}}", parameters: { word: "secretsick" } } },
    "exited with code 4",
    { check: { commandContent: "echo secretsick", commandId: "c-secretcheck" } },
  ],
  [
    "parameters",
    { commandContent: "echo {{word}}", parameters: { word: "secretgood" } },
    { commandContent: "echo {{word}}", parameters: { word: "secretbad" } },
    "exited with code 3",
    { commandContent: "echo {{word}}", parameters: { other: "secretother" } },
  ],
])("%s", async (name, good, bad, why, refused) => {
  const fleet = declareFleet(service);
  const declare = (more: object) => ({ ...BASE, ...more, __secret: [name] });
  await fleet.preview(declare(good));
  expect((await fleet.up(declare(good))).status).toBe("Succeeded");
  const withCheck = name === "check" ? { triggers: ["again"] } : {};
  const stopped = await fleet.up(declare({ ...bad, ...withCheck }));
  expect([stopped.status, stopped.reasons.join("\n")]).toEqual([
    "Stopped",
    expect.stringContaining(`${why}; the output is not shown, since an input is secret`),
  ]);
  expect((await fleet.preview(declare(refused))).did).toBe("refused");
  await fleet.resource.refresh();
  await fleet.resource.destroy();
  expect(`${service.transcript()}\n${stopped.reasons.join("\n")}`).not.toMatch(
    /secret(good|bad|healthy|sick|word|long|check|other)/,
  );
});
