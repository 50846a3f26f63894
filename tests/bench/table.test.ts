import { formatTable } from "../../bench/table";

test("makes columns as wide as they need, numbers to the right", () => {
  const table = formatTable(
    ["what", "s", "calls"],
    [
      ["preview", 1.25, "none"],
      ["up", 104.4, "InvokeCommand 3"],
    ],
  );
  expect(table).toBe("what        s  calls\npreview  1.25  none\nup        104  InvokeCommand 3");
});
