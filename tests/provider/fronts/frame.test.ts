import { FailedStep } from "../../../provider/fronts/frame";
import { formatOutputs, InvocationFailed } from "../../../provider/lifecycle/state";
import type { Results } from "../../../provider/rules/results";

describe("the state of a failed step", () => {
  const machine = (output: string): Results[string] => ({
    status: "Failed",
    exitCode: 1,
    output,
    dropped: 0,
    errorCode: "ExitCodeNonzero",
    errorInfo: "The command execution exit code is not zero.",
    startTime: "2026-11-24T07:09:41Z",
    finishTime: "2026-11-24T07:09:41Z",
    repeats: 1,
    invokeId: "t-hz0recorded0000000000000000000000",
  });
  const ids = Array.from({ length: 100 }, (_, i) => `i-bp1${String(i).padStart(17, "0")}`);

  // The header carries it in Base64, four bytes for three, and may have 64 KiB with everything else in it.
  test.each([
    ["100 machines x 24 KB", "x".repeat(24_576), {}],
    ["the same in Chinese", "错".repeat(8_192), {}],
    ["the same with parameters of 24 KB", "x".repeat(24_576), { parameters: { word: "y".repeat(24_000) } }],
  ])("fits into a response header: %s", (_, output, more) => {
    const results = Object.fromEntries(ids.map((id) => [id, machine(output)]));
    const inputs = { commandId: "c-1", instanceIds: ids, regionId: "cn-hangzhou", repeatMode: "Once", ...more };
    const outputs = formatOutputs(inputs, { invokeId: "t-1", status: "Failed", results });
    const reasons = ids.map(
      (id) => `"${id}": exited with code 1; last lines of "${id}":\n    ${output.slice(0, 1000)}`,
    );
    const kept = { ...outputs, __provider: "the provider" };
    const failed = new FailedStep(new InvocationFailed("t-1", outputs, [["failed", ...reasons]]), kept, (text) => text);
    expect(encodeAsHost(failed).length).toBeLessThan(64 * 1024 - 512);
    expect(Object.keys(failed.properties.results as Results)).toEqual(ids);
    expect(failed.properties).toMatchObject({ ...inputs, __provider: "the provider", invokeId: "t-1" });
    expect(failed.reasons).toHaveLength(1);
    expect(failed.reasons[0]).toMatch(
      /^failed\n {4}(?:"i-bp1.*\n {4})?and \d+ more reasons like these; the results of the state hold all of them$/s,
    );
  });

  test("is whole where it is small", () => {
    const results = { "i-a": machine("x".repeat(4_096)) };
    const reasons = [["one", "of\n    it"], ["two"]];
    const say = (text: string) => text.replace("two", "[hidden]");
    const failed = new FailedStep(new InvocationFailed("t-1", { results }, reasons), { results }, say);
    expect([failed.properties.results, failed.reasons]).toEqual([results, ["one\n    of\n        it", "[hidden]"]]);
  });
});

/** The header's text, as the host of dynamic resources makes it (`grpcResponseFromError`). */
function encodeAsHost({ id, message, properties, reasons }: FailedStep): string {
  const { ErrorResourceInitFailed } = require("@pulumi/pulumi/proto/provider_pb");
  const { Status } = require("@pulumi/pulumi/proto/status_pb");
  const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
  const { Any } = require("google-protobuf/google/protobuf/any_pb");
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(Struct.fromJavaScript(properties));
  detail.setReasonsList(reasons);
  const details = new Any();
  details.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setMessage(message);
  status.addDetails(details);
  return Buffer.from(status.serializeBinary()).toString("base64") + encodeURIComponent(message);
}
