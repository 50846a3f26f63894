/** @type {(name: string, overrides: object) => object} */
const project = (displayName, overrides) => ({
  displayName,
  testEnvironment: "node",
  transform: {
    "\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } }, sourceMaps: "inline" }],
  },
  modulePathIgnorePatterns: ["<rootDir>/tools/pulumi/.work/"],
  ...overrides,
});

/** Tests in which processes or the compiler run, or time has to pass: too slow to wait for while one writes. */
const PROCESSES = [
  "boundaries.test.ts",
  "patterns.test.ts",
  "readme.test.ts",
  "emulator/agent/{agent,guard,observed,process,procfs}.test.ts",
  "emulator/{cli,folder}.test.ts",
  "emulator/gateway/server.test.ts",
  "examples/bootstrap.test.ts",
  "provider/bundle.test.ts",
  "provider/lifecycle/*.test.ts",
  "provider/lifecycle/rollout/*.test.ts",
  "provider/runs/{cli,run}.test.ts",
  "schedule/next.test.ts",
  "provider/shim.test.ts",
  "provider/types.test.ts",
  "tools/live.test.ts",
  "tools/pulumi/{languages,obtain}.test.ts",
];

/** Stories on the engine that say more of the same, or of the examples: for the machine that checks a change. */
const LONG = [
  "e2e/{adopt,again,beside,examples,import,languages,lost,migration,move,options,readme,release,script,waiting}.test.ts",
];

/** Stories that are the same over both fronts: see tests/e2e/front.ts. */
const BOTH = ["kill", "lifecycle"];
/** In what is killed, lost or waited for below the front, it has no part; `npm run test:plugin` shows that it has none. */
const BOTH_BY_HAND = ["again", "cut", "lost", "waiting"];
const BOTH_LONG = ["component", "failure", "options", "rollout", "secrets"];

/** The same story over the plugin: its resource stands in the place of the package's class. */
const OVER_PLUGIN = {
  globals: { FRONT: "plugin" },
  moduleNameMapper: { "^pulumi-cloud-assistant$": "<rootDir>/tools/pulumi/plugin.ts" },
  globalSetup: "<rootDir>/tests/e2e/setup.ts",
};
const OVER_DYNAMIC = { globals: { FRONT: "dynamic" }, globalSetup: "<rootDir>/tests/e2e/setup.ts" };

const within = (places) => places.map((place) => `<rootDir>/tests/${place}`);
const but = (places) => places.map((place) => `!**/tests/${place}`);

module.exports = {
  // Istanbul's counters are captured into the serialized provider; v8's are not.
  coverageProvider: "v8",
  // Much of the time goes to waiting for other processes; by default, one core would be left idle.
  maxWorkers: "100%",
  // A test that starts a process needs more than the usual five seconds where many run at once.
  testTimeout: 30_000,
  projects: [
    project("unit", {
      testMatch: [...within(["**/*.test.ts"]), ...but(["{e2e,package,matrix,page}/**", ...PROCESSES])],
    }),
    project("process", { testMatch: within(PROCESSES) }),
    project("e2e", {
      testMatch: [...within(["e2e/*.test.ts"]), ...but(LONG)],
      ...OVER_DYNAMIC,
    }),
    project("plugin", { testMatch: within(BOTH.map((story) => `e2e/${story}.test.ts`)), ...OVER_PLUGIN }),
    project("long", { testMatch: within(LONG), ...OVER_DYNAMIC }),
    project("long-plugin", { testMatch: within(BOTH_LONG.map((story) => `e2e/${story}.test.ts`)), ...OVER_PLUGIN }),
    project("more-plugin", { testMatch: within(BOTH_BY_HAND.map((story) => `e2e/${story}.test.ts`)), ...OVER_PLUGIN }),
    project("page", { testMatch: within(["page/*.test.ts"]), globalSetup: "<rootDir>/tests/page/setup.ts" }),
    project("package", { testMatch: within(["package/*.test.ts"]) }),
    project("matrix", { testMatch: within(["matrix/*.test.ts"]) }),
  ],
};
