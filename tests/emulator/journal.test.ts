import { createJournal, formatLogLine, type JournalEntry } from "../../emulator/journal";
import { MAX_JOURNAL_BYTES, MAX_JOURNAL_ENTRIES } from "../../emulator/limits";

const entry = (changes: Partial<JournalEntry> = {}): JournalEntry => ({
  action: "InvokeCommand",
  parameters: {},
  code: "",
  status: 200,
  at: Date.parse("2026-06-01T00:00:00Z"),
  requestId: "R",
  ...changes,
});

test("keeps what was added, in order, until it is cleared", () => {
  const journal = createJournal();
  journal.add(entry({ requestId: "1" }));
  journal.add(entry({ requestId: "2" }));
  expect(journal.entries().map(({ requestId }) => requestId)).toEqual(["1", "2"]);
  journal.clear();
  expect(journal.entries()).toEqual([]);
});

test("keeps the newest entries when there are too many", () => {
  const journal = createJournal();
  const count = 2 * MAX_JOURNAL_ENTRIES + 10;
  for (let number = 1; number <= count; number++) journal.add(entry({ requestId: String(number) }));
  expect(journal.entries()).toHaveLength(MAX_JOURNAL_ENTRIES);
  expect(journal.entries().at(-1)?.requestId).toBe(String(count));
});

test("keeps the newest entries when they are too large", () => {
  const journal = createJournal();
  const parameters = { CommandContent: "x".repeat(1024 * 1024) };
  for (let number = 1; number <= 100; number++) journal.add(entry({ requestId: String(number), parameters }));
  expect(journal.entries()).toHaveLength(Math.floor(MAX_JOURNAL_BYTES / (1024 * 1024)) - 1);
  expect(journal.entries().at(-1)?.requestId).toBe("100");
});

describe("a line of the log", () => {
  const secrets = {
    Parameters: '{"password":"hunter2"}',
    CommandContent: "hunter2",
    WindowsPasswordName: "hunter2",
    ClientToken: "hunter2",
    WorkingDir: "/hunter2",
    Username: "hunter2",
    Launcher: "hunter2 {{ACS::ScriptFileName}}",
    Description: "hunter2",
    "Tag.1.Key": "hunter2",
    "Tag.1.Value": "hunter2",
    "ResourceTag.1.Value": "hunter2",
    "TagKey.1": "hunter2",
    InstanceName: "hunter2",
    OssOutputDelivery: "oss://hunter2",
    ContainerName: "hunter2",
    "CommandId.Secret": "hunter2",
    Unknown: "hunter2",
  };

  test("names what may be secret, and hides its value", () => {
    const line = formatLogLine(entry({ parameters: secrets }));
    expect(line).not.toContain("hunter2");
    expect(line).toBe(
      `2026-06-01T00:00:00.000Z InvokeCommand 200 ${Object.keys(secrets)
        .map((name) => `${name}=…`)
        .join(" ")}`,
    );
  });

  test.each<[string, Partial<JournalEntry>, string]>([
    [
      "shows ids, numbers and words of the API",
      {
        parameters: {
          CommandId: "c-1",
          "InstanceId.1": "i-a",
          RepeatMode: "Period",
          Frequency: "rate(1h)",
          Timeout: "60",
        },
      },
      "2026-06-01T00:00:00.000Z InvokeCommand 200 CommandId=c-1 InstanceId.1=i-a RepeatMode=Period Frequency=rate(1h) Timeout=60",
    ],
    [
      "tells the code of a refusal",
      { status: 404, code: "InvalidCmdId.NotFound", parameters: { CommandId: "c-1" } },
      "2026-06-01T00:00:00.000Z InvokeCommand 404 InvalidCmdId.NotFound CommandId=c-1",
    ],
    [
      "cuts long values",
      { parameters: { Name: "n".repeat(200) } },
      `2026-06-01T00:00:00.000Z InvokeCommand 200 Name=${"n".repeat(80)}`,
    ],
    [
      "names a request without an action",
      { action: "", status: 400, code: "MissingAction" },
      "2026-06-01T00:00:00.000Z (no action) 400 MissingAction",
    ],
    [
      "is one line, whatever is sent",
      { action: "A\nB", parameters: { InvokeId: "\u001b[2J\u202e\u2028", "N\r": "x" } },
      "2026-06-01T00:00:00.000Z A\\u000aB 200 InvokeId=\\u001b[2J\\u202e\\u2028 N\\u000d=…",
    ],
  ])("%s", (_title, changes, line) => {
    expect(formatLogLine(entry(changes))).toBe(line);
  });

  test("ends somewhere", () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`InstanceId.${index}`, "i-a"]));
    expect(formatLogLine(entry({ parameters: many }))).toHaveLength(2_000);
  });
});
