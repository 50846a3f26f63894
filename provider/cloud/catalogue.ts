/** Answers of one kind of question, kept for a run and read ahead when many are wanted. */

import { ApiError } from "./errors";
import { type Page, type PageRequest, walkPages } from "./pages";

export interface Catalogue<F> {
  /** What is known of these ids, asked for where nothing is; ids that do not exist are left out. */
  find(ids: readonly string[]): Promise<Map<string, F>>;
  /** The same, asked anew. */
  findFresh(ids: readonly string[]): Promise<Map<string, F>>;
}

export interface CatalogueOptions<F> {
  findId: (fact: F) => string;
  /** One question about at most `maxIds` ids. */
  askByIds: (ids: readonly string[]) => Promise<F[]>;
  maxIds: number;
  /** One page of everything; absent where it makes no sense to read ahead. */
  askPage?: (request: PageRequest) => Promise<{ items: F[] } & Page>;
  /** Items of a full page. */
  pageSize?: number;
  /** Whether a fact read ahead of need still holds when it is needed; one that does not is asked for by id. */
  isLasting: (fact: F) => boolean;
}

/** So many questions are asked by id before whole pages are read. */
const QUESTIONS_BEFORE_READING_AHEAD = 3;
/** Pages that one more question by id is worth: a small stack in a big region asks three times what it needs at worst. */
const PAGES_PER_QUESTION = 2;
const MAX_PAGES = 40;

/**
 * When questions go on coming, pages are read ahead of them: two for each question by id beyond the second, up to 40 in all.
 * A page that proves of use is worth as much as such a question, and has the next one read meanwhile: so a stack that is most
 * of its region waits for the first page alone.
 */
export function createCatalogue<F>(options: CatalogueOptions<F>): Catalogue<F> {
  const { findId, askByIds, maxIds, askPage, pageSize = 0, isLasting } = options;
  const known = new Map<string, F | undefined>();
  const pages = askPage === undefined ? undefined : walkPages(askPage, pageSize);
  let denial: ApiError | undefined;
  let questions = 0;
  let pagesRead = 0;
  let pagesOfUse = 0;
  let newestPage = new Set<string>();
  let reading: Promise<boolean> | undefined;

  const isMissing = (id: string): boolean => !known.has(id);

  /** A single unknown id makes some questions fail as a whole: then each half is asked for. */
  async function ask(ids: readonly string[]): Promise<void> {
    try {
      const facts = await askByIds(ids);
      for (const id of ids) known.set(id, undefined);
      for (const fact of facts) known.set(findId(fact), fact);
    } catch (failure) {
      if (!(failure instanceof ApiError) || failure.kind !== "notFound") throw failure;
      if (ids.length === 1) {
        for (const id of ids) known.set(id, undefined);
        return;
      }
      const middle = Math.ceil(ids.length / 2);
      await ask(ids.slice(0, middle));
      await ask(ids.slice(middle));
    }
  }

  async function askAll(ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += maxIds) await ask(ids.slice(start, start + maxIds));
  }

  async function readAhead(wanted: readonly string[]): Promise<void> {
    const affordable = (questions - QUESTIONS_BEFORE_READING_AHEAD + 1 + pagesOfUse) * PAGES_PER_QUESTION;
    const end = Math.min(affordable, MAX_PAGES);
    while (wanted.some(isMissing) && (reading !== undefined || pagesRead < end)) {
      if (!(await readNext())) return;
    }
  }

  function stayAhead(ids: readonly string[]): void {
    if (!ids.some((id) => newestPage.has(id))) return;
    newestPage = new Set();
    pagesOfUse++;
    // A failure here is met again by whoever needs the page.
    void readNext().catch(() => undefined);
  }

  /** Whether there was another page; one at a time. */
  function readNext(): Promise<boolean> {
    reading ??= keepPage().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function keepPage(): Promise<boolean> {
    const facts = await readPage();
    if (facts === undefined) return false;
    pagesRead++;
    newestPage = new Set(facts.map(findId));
    for (const fact of facts.filter(isLasting)) known.set(findId(fact), fact);
    return true;
  }

  /** Absent after the last page, and after one that failed: what is missing then is asked for by id. */
  async function readPage(): Promise<F[] | undefined> {
    try {
      const page = await pages?.next();
      return page?.done === false ? page.value : undefined;
    } catch (failure) {
      if (failure instanceof ApiError) return undefined;
      throw failure;
    }
  }

  const lookUp = gather(async (wanted) => {
    await readAhead(wanted);
    const ids = wanted.filter(isMissing);
    questions += Math.ceil(ids.length / maxIds);
    await askAll(ids);
  });

  const lookUpAnew = gather(askAll);

  /** A question that RAM denies is not asked again. */
  function rememberDenial(failure: unknown): never {
    if (failure instanceof ApiError && failure.kind === "denied") denial = failure;
    throw failure;
  }

  function pick(ids: readonly string[]): Map<string, F> {
    const found = new Map<string, F>();
    for (const id of ids) {
      const fact = known.get(id);
      if (fact !== undefined) found.set(id, fact);
    }
    return found;
  }

  return {
    find: async (ids) => {
      const missing = ids.filter(isMissing);
      if (missing.length > 0 && denial !== undefined) throw denial;
      if (missing.length > 0) await lookUp(missing).catch(rememberDenial);
      stayAhead(ids);
      return pick(ids);
    },
    findFresh: async (ids) => {
      if (denial !== undefined) throw denial;
      await lookUpAnew(ids).catch(rememberDenial);
      return pick(ids);
    },
  };
}

/** Makes one question of all that come at the same moment, and of all that come while another is under way the next. */
function gather(ask: (ids: readonly string[]) => Promise<void>): (ids: readonly string[]) => Promise<void> {
  const gathered = new Set<string>();
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  function askGathered(): Promise<void> {
    const ids = [...gathered];
    gathered.clear();
    next = undefined;
    current = ask(ids);
    return current;
  }

  return (ids) => {
    for (const id of ids) gathered.add(id);
    next ??= current.then(askGathered, askGathered);
    return next;
  };
}
