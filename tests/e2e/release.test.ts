// What `npm run release` makes, as Pulumi downloads and runs it; no folder of Pulumi.yaml names it.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { OWN_PLATFORM, release } from "../../tools/release";
import { onYaml, openYamlEngine } from "./engine";

const PROGRAM = readFileSync(path.resolve(__dirname, "../../docs/languages/program.yaml"), "utf8");

let directory: string;
let server: Server;
let url: string;
let asked: string[];
let emulator: Emulator;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "release-"));
  server = createServer(({ url: wanted = "/" }, response) => {
    asked.push(wanted);
    response.end(readFileSync(path.join(directory, path.basename(wanted))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  emulator = await startEmulator({
    instances: [{ instanceId: "i-web1" }, { instanceId: "i-web2" }],
    commands: [{ commandId: "c-hello", name: "hello", content: "echo hello" }],
  });
});

beforeEach(() => {
  asked = [];
});

afterAll(async () => {
  await emulator.stop();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

onYaml("a release", () => {
  test.each([
    ["that needs Node", false],
    ["with Node in it", true],
  ])(
    "%s is installed from a server under the name that Pulumi asks for, and runs a program",
    async (_, isStandalone) => {
      const { version, checksums } = await release({ directory, isStandalone });
      const name = `pulumi-resource-cloudassistant-v${version}-${OWN_PLATFORM}.tar.gz`;
      const listed = readFileSync(
        path.join(directory, `pulumi-resource-cloudassistant-v${version}-checksums.txt`),
        "utf8",
      );
      const digest = createHash("sha256")
        .update(readFileSync(path.join(directory, name)))
        .digest("hex");
      expect([checksums[name], listed]).toEqual([digest, expect.stringContaining(`${digest}  ${name}\n`)]);

      const engine = await openYamlEngine({ environment: emulator.environment, plugin: "installed" });
      try {
        expect((await engine.preview(PROGRAM)).succeeded).toBe(false);
        await engine.install(version, url);
        expect(asked).toEqual([`/${name}`]);
        const up = await engine.up(PROGRAM);
        expect([up.succeeded, up.outputs.status?.value]).toEqual([true, "Scheduled"]);
        expect((await engine.destroy()).succeeded).toBe(true);
      } finally {
        engine.remove();
      }
    },
  );
});
