import { parseStream } from "../../../emulator/page/stream";

test.each<[string, string[], string]>([
  ["", [], ""],
  [": events\n\n", [], ""],
  ['id: 1\nevent: time\ndata: {"a":1}\n\n', ['{"a":1}'], ""],
  ["id: 1\nda", [], "id: 1\nda"],
  ["data: 1\n\ndata: 2\n\nid: 3", ["1", "2"], "id: 3"],
  ["data: 1\n", [], "data: 1\n"],
  ["data: one\ndata: two\n\n", ["one\ntwo"], ""],
])("%j", (text, events, rest) => {
  expect(parseStream(text)).toEqual({ events, rest });
});

test("cut anywhere, it is the same", () => {
  const whole = ": events\n\nid: 1\nevent: run\ndata: {}\n\nid: 2\nevent: time\ndata: []\n\n";
  for (let cut = 0; cut <= whole.length; cut++) {
    const first = parseStream(whole.slice(0, cut));
    const second = parseStream(first.rest + whole.slice(cut));
    expect([...first.events, ...second.events]).toEqual(["{}", "[]"]);
  }
});
