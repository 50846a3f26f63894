import { startEmulator } from "pulumi-cloud-assistant/emulator";
import { openYamlEngine } from "./tools/pulumi/engine";
const program = (ids: readonly string[]) => `
resources:
  agent:
    type: cloudassistant:Rollout
    properties:
      commandId: c-install
      instanceIds: [${ids.join(", ")}]
  after:
    type: cloudassistant:Invocation
    properties:
      commandId: c-after
      instanceIds: [${ids[0]}]
      triggers: ["\${agent.generation}"]
`;
(async () => {
  const emulator = await startEmulator({ instances: 4, commands: [
    { commandId: "c-install", name: "install", content: "exit 5" }, { commandId: "c-after", name: "after", content: "true" } ] });
  const engine = await openYamlEngine({ environment: emulator.environment });
  try {
  for (const i of [1,2,3,4]) { const r = await engine.up(program(emulator.instanceIds)); console.log(r.diagnostics.filter((d)=>d.startsWith("error")).join("\n ")); console.log(r.steps) }
  } finally { engine.remove(); await emulator.stop(); }
})();
