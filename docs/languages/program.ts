import * as cloudassistant from "@pulumi/cloudassistant";

const hello = new cloudassistant.Invocation("hello", {
  commandId: "c-hello",
  instanceIds: ["i-web1", "i-web2"],
});
const nightly = new cloudassistant.Invocation("nightly", {
  commandId: "c-hello",
  instanceIds: ["i-web1", "i-web2"],
  frequency: "0 0 2 * * ? Asia/Shanghai",
});
export const printed = hello.results.apply((results) => results["i-web1"]?.output);
export const status = nightly.status;
