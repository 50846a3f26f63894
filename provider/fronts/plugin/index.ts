#!/usr/bin/env node
/** The executable `pulumi-resource-cloudassistant`: the engine starts one for each provider, and reads its port on the first line. */
import { systemClock } from "../../cloud/clock";
import { findBackend } from "../backend";
import { createProbe, isEngineAddress, watchEngine } from "../engine";
import { loadGrpc } from "../grpc";
import { createServer } from "./server";

// The bundle holds it.
const schema: { version: string } = require("../../../schema.json");

const HELP = `Usage: pulumi-resource-cloudassistant [ENGINE_ADDRESS]

The provider of Pulumi's package "cloudassistant", which runs ECS Cloud Assistant commands. Pulumi starts it where Pulumi.yaml
names its folder:

  plugins:
    providers:
      - name: cloudassistant
        path: node_modules/.bin

Started by hand it prints its port, to which Pulumi attaches with PULUMI_DEBUG_PROVIDERS=cloudassistant:PORT.

  --version  print the version
  --help     print this text
`;

function main(args: readonly string[]): void {
  if (args.includes("--help")) return void process.stdout.write(HELP);
  if (args.includes("--version")) return void process.stdout.write(`${schema.version}\n`);
  // The engine puts options of its own before it.
  const engineAddress = args.findLast(isEngineAddress) ?? "";
  const server = createServer({
    environment: process.env,
    clock: systemClock,
    backend: findBackend(process.env, process.cwd()),
    engineAddress,
    schema: JSON.stringify(schema),
    version: schema.version,
  });
  server.bindAsync("127.0.0.1:0", loadGrpc().ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  if (engineAddress !== "") watchEngine(createProbe(engineAddress));
}

main(process.argv.slice(2));
