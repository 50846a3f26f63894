import fc from "fast-check";
import { type Machine, orderMachines } from "../../../../provider/rules/rollout/order";
import { fleetOf, idsOf } from "./fleet";

const URN = "urn:pulumi:dev::web::cloudassistant:index:Rollout::deploy";

const fleets = fc
  .tuple(fc.integer({ min: 0, max: 25 }), fc.integer({ min: 1, max: 5 }))
  .map(([n, zones]) => fleetOf(n, zones));

test("10,000 fleets: each machine once, in an order that their order does not change", () => {
  fc.assert(
    fc.property(fleets, fc.string(), fc.integer(), (machines, seed, turn) => {
      const order = orderMachines(machines, seed);
      const shift = machines.length > 0 ? Math.abs(turn) % machines.length : 0;
      const turned = [...machines.slice(shift), ...machines.slice(0, shift)].reverse();
      if (String(orderMachines([...turned, ...machines.slice(0, 2)], seed)) !== String(order))
        throw new Error("other order");
      if (new Set(order).size !== machines.length) throw new Error("not each machine once");
    }),
    { numRuns: 10_000 },
  );
});

test("machines that leave do not change the order of the others in a zone", () => {
  const machines = fleetOf(100);
  const left = new Set(["i-3", "i-50", "i-99"]);
  const rest = machines.filter(({ instanceId }) => !left.has(instanceId));
  expect(orderMachines(rest, URN)).toEqual(orderMachines(machines, URN).filter((id) => !left.has(id)));
});

test("another resource begins with other machines", () => {
  const first = (seed: string) => orderMachines(fleetOf(1000), seed)[0];
  const firsts = new Set(idsOf(20).map((name) => first(`${URN}-${name}`)));
  expect(firsts.size).toBeGreaterThan(15);
});

test.each<[string[], string[]]>([
  [
    ["i-7", "i-2"],
    ["i-7", "i-2"],
  ],
  [["i-7", "i-7"], ["i-7"]],
  [["i-404", "i-1"], ["i-1"]],
  [[], []],
])("with first %j the order begins %j", (first, beginning) => {
  const order = orderMachines(fleetOf(10, 2), URN, first);
  expect(order.slice(0, beginning.length)).toEqual(beginning);
  expect([...order].sort()).toEqual(idsOf(10).sort());
});

test("zones of the same size take turns", () => {
  const order = orderMachines(fleetOf(30, 3), URN);
  for (let i = 0; i < 30; i += 3) {
    const zones = order.slice(i, i + 3).map((id) => (Number(id.slice(2)) - 1) % 3);
    expect(zones.sort()).toEqual([0, 1, 2]);
  }
});

test("a small zone is not empty after the first wave", () => {
  const machines: Machine[] = idsOf(1000).map((instanceId, i) => ({ instanceId, zoneId: i < 10 ? "small" : "large" }));
  const isSmall = (id: string) => Number(id.slice(2)) <= 10;
  const order = orderMachines(machines, URN);
  expect(order.slice(0, 100).filter(isSmall)).toHaveLength(1);
  expect(order.slice(0, 500).filter(isSmall)).toHaveLength(5);
});

test("a part of the order holds of each zone its share, but for a machine per zone", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }), fc.nat(), (sizes, some) => {
      const machines = sizes.flatMap((size, zone) =>
        Array.from({ length: size }, (_, i) => ({ instanceId: `i-${zone}-${i}`, zoneId: String(zone) })),
      );
      const count = some % (machines.length + 1);
      const taken = orderMachines(machines, URN).slice(0, count);
      for (const [zone, size] of sizes.entries()) {
        const share = taken.filter((id) => id.startsWith(`i-${zone}-`)).length;
        expect(Math.abs(share - (count * size) / machines.length)).toBeLessThanOrEqual((1 + sizes.length) / 2);
      }
    }),
  );
});

test("machines without a zone are ordered as well", () => {
  const machines = [{ instanceId: "mi-1" }, { instanceId: "mi-2" }, { instanceId: "i-1", zoneId: "cn-hangzhou-h" }];
  expect(orderMachines(machines, URN).sort()).toEqual(["i-1", "mi-1", "mi-2"]);
});
