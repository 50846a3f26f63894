import { encodeBody } from "../../../emulator/gateway/encoding";

const body = {
  RequestId: "R",
  Regions: {
    Region: [
      { RegionId: "a", Open: true },
      { RegionId: "b", Count: 0 },
    ],
  },
};

test("JSON is the body alone", () => {
  expect(encodeBody(body, "JSON", "DescribeRegionsResponse")).toBe(JSON.stringify(body));
});

test("XML repeats the element of a list under the operation's root", () => {
  expect(encodeBody(body, "XML", "DescribeRegionsResponse")).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<DescribeRegionsResponse><RequestId>R</RequestId><Regions><Region><RegionId>a</RegionId><Open>true</Open></Region><Region><RegionId>b</RegionId><Count>0</Count></Region></Regions></DescribeRegionsResponse>',
  );
});

test.each([
  ["<&>\"'", "<V>&lt;&amp;&gt;&quot;&apos;</V>"],
  ["", "<V></V>"],
  ["a\u0000b\u001bc", "<V>a\ufffdb\ufffdc</V>"],
  ["a\tb\nc", "<V>a\tb\nc</V>"],
])("XML of %j", (value, expected) => {
  expect(encodeBody({ V: value }, "XML", "E")).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n<E>${expected}</E>`);
});
