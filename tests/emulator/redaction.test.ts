import { redact } from "../../emulator/redaction";

test.each<[string, string, string]>([
  ["InvokeId", "t-1", "t-1"],
  ["InstanceId", "i-a", "i-a"],
  ["InstanceId.12", "i-a", "i-a"],
  ["InstanceIds", '["i-a"]', '["i-a"]'],
  ["Frequency", "rate(1h)", "rate(1h)"],
  ["Parameters", '{"password":"hunter2"}', "…"],
  ["CommandContent", "echo", "…"],
  ["Tag.1.Value", "v", "…"],
  ["InstanceId.1.Key", "v", "…"],
  ["instanceid", "v", "…"],
  ["constructor", "v", "…"],
  ["Anything", "", "…"],
])("%s=%s is shown as %s", (name, value, shown) => {
  expect(redact({ [name]: value })).toEqual({ [name]: shown });
});
