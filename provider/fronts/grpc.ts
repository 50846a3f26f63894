/** gRPC, for what speaks to the engine. */
import { createRequire } from "node:module";

/** The very copy that Pulumi uses, which a strict package manager does not show to others. The bundle of the plugin has its own. */
export const loadGrpc = (): typeof import("@grpc/grpc-js") =>
  createRequire(require.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js");
