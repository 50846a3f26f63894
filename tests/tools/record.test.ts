// The recording in docs/ shows the demo of today, and an SVG holds what a terminal would show.
import { readFileSync } from "node:fs";
import path from "node:path";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { formatTerminal } from "../../tools/record";

const REPOSITORY = path.resolve(__dirname, "../..");

const read = (file: string) => readFileSync(path.join(REPOSITORY, file), "utf8");

/** The texts of an SVG, line by line. */
function listLines(svg: string): string[] {
  const parser = new XMLParser({ ignoreAttributes: true, trimValues: false, preserveOrder: true });
  const lines: string[] = [];
  const textOf = (node: object): string =>
    Object.entries(node)
      .map(([name, value]) =>
        name === "#text" ? String(value) : Array.isArray(value) ? value.map(textOf).join("") : "",
      )
      .join("");
  const visit = (nodes: object[]) => {
    for (const node of nodes)
      for (const [name, value] of Object.entries(node)) {
        if (name === "text") lines.push(textOf({ text: value }));
        else if (Array.isArray(value)) visit(value);
      }
  };
  visit(parser.parse(svg));
  return lines;
}

test("a line keeps its characters, without its colours", () => {
  const svg = formatTerminal([{ text: '\u001b[1m\u001b[38;5;1mno\u001b[0m <a> & "b"', pauseMs: 5 }]);
  expect(XMLValidator.validate(svg)).toBe(true);
  expect(listLines(svg)).toEqual(['no <a> & "b"']);
  expect(svg).toContain('<tspan fill="#ff7b72" class="b">no</tspan>');
});

const words = "word ".repeat(30).trim();

test.each<[title: string, text: string, lines: string[]]>([
  ["a word that is too long ends at the terminal's edge", "x".repeat(500), [`${"x".repeat(117)}…`]],
  ["what is too long goes on below, further in", `  ${words}`, [`  ${words.slice(0, 114)}`, `    ${words.slice(115)}`]],
  ["what fits is one line", "    a: b  c", ["    a: b  c"]],
  ["a resource's row is cut", ` +  pulumi:pulumi:Stack ${words}`, [` +  pulumi:pulumi:Stack ${words.slice(0, 93)}…`]],
])("%s", (_, text, lines) => {
  expect(listLines(formatTerminal([{ text, pauseMs: 0 }]))).toEqual(lines);
});

test("lines come one after another, and a long wait is cut", () => {
  const svg = formatTerminal([
    { text: "one", pauseMs: 0 },
    { text: "two", pauseMs: 60_000 },
  ]);
  expect(svg).toContain("animation:roll 5740ms step-end infinite");
  expect(svg).toContain("0.000%{transform:translateY(493px)}0.697%{transform:translateY(476px)}");
});

const headings = [...read("examples/tour.ts").matchAll(/heading: "(.*)",/g)].map(([, heading = ""]) => heading);

test("the demo has headings", () => expect(headings.length).toBeGreaterThan(3));

test.each(headings)("the recording shows: %s", (heading) => {
  const shown = listLines(read("docs/demo.svg")).filter((line) => line.startsWith("━━━"));
  expect(shown.filter((line) => line.endsWith(`━━━ ${heading}`.slice(-60)))).toHaveLength(1);
});
