// A policy pack as a company writes it: it knows the class, and no type by its name.
const {
  PolicyPack,
  remediateResourceOfType,
  validateResourceOfType,
  validateStackResourcesOfType,
} = require("@pulumi/policy");
const { Invocation } = require("pulumi-cloud-assistant");

new PolicyPack("runs", {
  policies: [
    {
      name: "at-night",
      description: "Schedules run at night.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(Invocation, ({ frequency }, { name }, report) => {
        if (frequency !== undefined && !frequency.startsWith("0 0 2 ")) report(`${name} runs at "${frequency}"`);
      }),
    },
    {
      name: "owned",
      description: "Runs have an owner.",
      enforcementLevel: "remediate",
      remediateResource: remediateResourceOfType(Invocation, (inputs) =>
        inputs.tags?.owner === undefined ? { ...inputs, tags: { ...inputs.tags, owner: "nobody" } } : undefined,
      ),
    },
    {
      name: "few",
      description: "A stack has few of them.",
      enforcementLevel: "advisory",
      validateStack: validateStackResourcesOfType(Invocation, (invocations, { resources }, report) => {
        const names = resources.map(({ name }) => name).sort();
        report(`${invocations.length} of them: ${names.join(", ")}`);
      }),
    },
  ],
});
