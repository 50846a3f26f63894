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

/** Tests that start processes of their own, or the compiler: too slow to wait for while one writes. */
const PROCESSES = [
  "readme.test.ts",
  "emulator/cli.test.ts",
  "emulator/agent/guard.test.ts",
  "examples/bootstrap.test.ts",
  "provider/shim.test.ts",
  "tools/pulumi/obtain.test.ts",
].map((file) => `<rootDir>/tests/${file}`);

/** Stories on the engine that say more of the same, or of the examples: for the machine that checks a change. */
const LONG = ["examples", "migration", "options", "readme"].map((story) => `<rootDir>/tests/e2e/${story}.test.ts`);

module.exports = {
  // Istanbul's counters are captured into the serialized provider; v8's are not.
  coverageProvider: "v8",
  // Much of the time goes to waiting for other processes; by default, one core would be left idle.
  maxWorkers: "100%",
  // A test that starts a process needs more than the usual five seconds where many run at once.
  testTimeout: 30_000,
  projects: [
    project("unit", {
      testMatch: ["<rootDir>/tests/**/*.test.ts"],
      testPathIgnorePatterns: [
        ...["e2e", "package", "matrix"].map((folder) => `<rootDir>/tests/${folder}/`),
        ...PROCESSES,
      ],
    }),
    project("process", { testMatch: PROCESSES }),
    project("e2e", {
      testMatch: ["<rootDir>/tests/e2e/**/*.test.ts"],
      testPathIgnorePatterns: LONG,
      globalSetup: "<rootDir>/tests/e2e/setup.ts",
    }),
    project("long", { testMatch: LONG, globalSetup: "<rootDir>/tests/e2e/setup.ts" }),
    project("package", { testMatch: ["<rootDir>/tests/package/**/*.test.ts"] }),
    project("matrix", { testMatch: ["<rootDir>/tests/matrix/**/*.test.ts"] }),
  ],
};
