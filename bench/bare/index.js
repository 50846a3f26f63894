// The floor of every figure: a dynamic resource of the same form as Invocation, behind which nothing happens.
const pulumi = require("@pulumi/pulumi");
const shim = require("./shim.js");

exports.Invocation = class extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(shim, name, { ...args }, opts, "bare", "Invocation");
  }
};
