import { createProbe, createProgress, createTell } from "../../../provider/fronts/engine";
import { type Ear, lendEar } from "../lifecycle/engine";

const NIGHTLY = "urn:pulumi:dev::project::type::nightly";
const WEEKLY = "urn:pulumi:dev::project::type::weekly";

let ear: Ear;
let said: Set<string>;

const progressOf = (urn: string) => createProgress(ear.tell, said, urn);

beforeAll(async () => {
  ear = await lendEar();
});

beforeEach(() => {
  said = new Set();
});

test("a status replaces the text on the resource's row", async () => {
  progressOf(NIGHTLY).status("7 of 12 finished");
  await ear.catchUp();
  expect([ear.statuses(), ear.notes()]).toEqual([["7 of 12 finished"], []]);
});

test("a note and a warning stay under the resource", async () => {
  await progressOf(NIGHTLY).note("next run tomorrow");
  await progressOf(NIGHTLY).warn("it may run twice");
  expect(ear.notes()).toEqual(["nightly: next run tomorrow", "warning: nightly: it may run twice"]);
});

test("a note names its resource, whatever that is called", async () => {
  await progressOf("urn:pulumi:dev::project::parent$type::a::b").note("said");
  await progressOf("").note("said of none");
  expect(ear.notes()).toEqual(["a::b: said", "said of none"]);
});

test("nothing that a terminal obeys is sent", async () => {
  await progressOf("").note("red \x1b[31m\n\tline");
  progressOf("").status("bell \x07");
  await ear.catchUp();
  expect([ear.notes(), ear.statuses()]).toEqual([["red \\x1b[31m\n\tline"], ["bell \\x07"]]);
});

test("the same note is said once per resource", async () => {
  for (const urn of [NIGHTLY, NIGHTLY, WEEKLY]) await progressOf(urn).note("replaced: triggers changed");
  expect(ear.notes()).toEqual(["nightly: replaced: triggers changed", "weekly: replaced: triggers changed"]);
});

test("it is reached past a proxy that the environment names", async () => {
  process.env.http_proxy = "http://127.0.0.1:9";
  try {
    await createTell(ear.address)("info", "heard", "", false);
    expect([ear.notes(), await createProbe(ear.address)()]).toEqual([["heard"], true]);
  } finally {
    delete process.env.http_proxy;
  }
});
