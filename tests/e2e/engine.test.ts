// The engine itself works here: it runs a dynamic resource that does nothing but remember what it was told.
import { dynamic } from "@pulumi/pulumi";
import { type Engine, onEngine, openEngine } from "./engine";

class Note extends dynamic.Resource {
  constructor(name: string, props: { text: string }) {
    super(
      {
        check: async (_olds: { text: string }, news: { text: string }) => ({
          inputs: news,
          failures: news.text === "" ? [{ property: "text", reason: "must not be empty" }] : [],
        }),
        diff: async (_id, olds, news) => ({
          changes: olds.text !== news.text,
          replaces: olds.text !== news.text ? ["text"] : [],
        }),
        create: async (inputs) => ({ id: `note-${inputs.text}`, outs: inputs }),
      },
      name,
      props,
    );
  }
}

const write = (text: string) => async () => {
  new Note("note", { text });
};

onEngine("the engine", () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await openEngine();
  });

  afterAll(() => engine.remove());

  test("previews a dynamic resource and keeps nothing", async () => {
    const preview = await engine.preview(write("one"));
    expect([preview.succeeded, preview.steps]).toEqual([true, ["create note"]]);
    expect(await engine.resources()).toEqual({});
  });

  test("creates it, and leaves it alone the next time", async () => {
    expect((await engine.up(write("one"))).steps).toEqual(["create note"]);
    expect((await engine.resources()).note).toMatchObject({ id: "note-one", outputs: { text: "one" } });
    expect((await engine.up(write("one"))).steps).toEqual(["same note"]);
  });

  test("replaces it when its text changes", async () => {
    expect((await engine.up(write("two"))).steps).toEqual([
      "create-replacement note",
      "replace note",
      "delete-replaced note",
    ]);
    expect((await engine.resources()).note?.id).toBe("note-two");
  });

  test("answers a refusal with its diagnostics", async () => {
    const preview = await engine.preview(write(""));
    expect([preview.succeeded, preview.diagnostics]).toEqual([
      false,
      [
        "error note: pulumi-nodejs:dynamic:Resource resource 'note': property text value {} has a problem: must not be empty",
      ],
    ]);
  });

  test("destroys it", async () => {
    expect((await engine.destroy()).steps).toEqual(["delete note"]);
    expect(await engine.resources()).toEqual({});
  });
});
