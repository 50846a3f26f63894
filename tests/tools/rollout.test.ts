import { readFileSync } from "node:fs";
import path from "node:path";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Standing } from "../../provider/rules/rollout";
import { drawRollout, formatRolloutPicture, type Moment, momentOf } from "../../tools/rollout";
import { each, factsOf, idsOf, planOf } from "../provider/rules/rollout/fleet";

const ids = idsOf(40);
const plan = planOf([ids.slice(0, 1), [], ids.slice(1, 15), ids.slice(15)], { maxFailures: 1 });

const stopped = momentOf(
  "version 2 stops & holds",
  plan,
  factsOf({ ...each(ids.slice(0, 13), {}), ...each(ids.slice(13, 15), { run: "failed" }) }),
);
const done = momentOf("version 3 goes on", plan, factsOf(each(ids, {}), { attempt: 2 }));

interface Shape {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

function listShapes(svg: string): Shape[] {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", preserveOrder: true });
  const [root] = parser.parse(svg);
  return root.svg.map((node: Record<string, unknown>) => {
    const { ":@": attributes = {}, ...rest } = node as { ":@"?: Record<string, string> };
    const [[name = "", children] = []] = Object.entries(rest);
    const [first] = Array.isArray(children) ? children : [];
    return { name, attributes, text: String(first?.["#text"] ?? "") };
  });
}

const squaresOf = (moments: Moment[]) =>
  listShapes(formatRolloutPicture(moments)).filter(({ name }) => name === "rect");

test("where each machine stands is taken from the rules", () => {
  expect(stopped.waves.map((wave) => wave.join(" "))).toEqual([
    "succeeded",
    "",
    `${"succeeded ".repeat(12)}failed failed`,
    Array<Standing>(25).fill("held").join(" "),
  ]);
});

test("each machine is a square of its own, and those that failed carry a cross", () => {
  const svg = formatRolloutPicture([stopped, done]);
  expect(XMLValidator.validate(svg)).toBe(true);
  const shapes = listShapes(svg);
  const machines = shapes.filter(({ name }) => name === "rect");
  // Two moments, and the legend of the three standings that are shown.
  expect(machines).toHaveLength(2 * 40 + 3);
  expect(new Set(machines.map(({ attributes: { x, y } }) => `${x} ${y}`)).size).toBe(2 * 40 + 3);
  expect(shapes.filter(({ name }) => name === "path")).toHaveLength(2 + 1);
});

test("names the moments, the waves and what the colours mean", () => {
  const texts = listShapes(formatRolloutPicture([stopped, done])).filter(({ name }) => name === "text");
  expect(texts.map(({ text }) => text)).toEqual([
    "version 2 stops & holds",
    "wave 1: 1",
    "wave 2: 0",
    "wave 3: 14",
    "wave 4: 25",
    "version 3 goes on",
    "wave 1: 1",
    "wave 2: 0",
    "wave 3: 14",
    "wave 4: 25",
    "held: has not been started",
    "succeeded: has run well, and is healthy where there is a check",
    "failed: did not run well, is not healthy, or was not ready while `unready` is `fail`",
  ]);
});

test("everything is inside the picture", () => {
  const many: Moment = { title: "many", waves: [Array<Standing>(1_000).fill("succeeded"), ["failed"]] };
  const svg = formatRolloutPicture([many]);
  const [, width = 0, height = 0] = (/width="(\d+)" height="(\d+)"/.exec(svg) ?? []).map(Number);
  for (const { attributes } of squaresOf([many])) {
    expect(Number(attributes.x) + 10).toBeLessThanOrEqual(width);
    expect(Number(attributes.y) + 10).toBeLessThanOrEqual(height);
  }
});

test("a wave stands at the same place in every moment", () => {
  const labels = listShapes(formatRolloutPicture([stopped, done])).filter(({ text }) => text.startsWith("wave 4"));
  expect(new Set(labels.map(({ attributes }) => attributes.x)).size).toBe(1);
});

test("nothing is a picture of nothing", () => {
  expect(XMLValidator.validate(formatRolloutPicture([]))).toBe(true);
  expect(squaresOf([{ title: "none", waves: [] }])).toEqual([]);
});

test("the picture of the documents is what the rules come to; npm run docs draws it", () => {
  const svg = readFileSync(path.resolve(__dirname, "../../docs/rollout.svg"), "utf8");
  expect(svg).toBe(drawRollout());
});
