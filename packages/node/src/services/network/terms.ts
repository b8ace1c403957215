import type { FilteringTerm, NetworkTerm } from '@federome/client';

interface Entry {
  readonly term: NetworkTerm;
  readonly id: string;
  readonly label: string;
  readonly words: readonly string[];
}

/** The terms that at least one member can be asked about, searched by what people type. */
export class TermIndex {
  readonly #entries: readonly Entry[];

  /** One list of terms a member; the first label that is not empty names a term. */
  constructor(lists: Iterable<readonly FilteringTerm[]>) {
    const terms = new Map<string, NetworkTerm>();
    for (const list of lists) {
      for (const { id, label = '', type = 'custom' } of list) {
        const known = terms.get(id);
        if (known === undefined || known.label === '') terms.set(id, { id, label, type });
      }
    }
    this.#entries = [...terms.values()]
      .map((term) => entryOf({ ...term, label: term.label === '' ? term.id : term.label }))
      .sort((a, b) => compareText(a.label, b.label) || compareText(a.id, b.id));
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Some of all terms, alphabetically. */
  page(offset: number, limit: number): readonly NetworkTerm[] {
    return this.#entries.slice(offset, offset + limit).map((entry) => entry.term);
  }

  /**
   * Best first: the id itself, the label itself, labels that begin with the text, labels of which every word typed
   * begins a word, ids that begin with it, labels that contain it; short labels before long ones. Everything
   * alphabetically for an empty text. Case and accents do not matter.
   */
  search(text: string, limit: number): readonly NetworkTerm[] {
    const wanted = fold(text);
    if (wanted === '') return this.page(0, limit);
    const typed = wordsOf(wanted);
    return this.#entries
      .flatMap((entry) => {
        const rank = rankOf(entry, wanted, typed);
        return rank === undefined ? [] : [{ entry, rank }];
      })
      .sort((a, b) => a.rank - b.rank || a.entry.label.length - b.entry.label.length)
      .slice(0, limit)
      .map(({ entry }) => entry.term);
  }
}

function rankOf(entry: Entry, wanted: string, typed: readonly string[]): number | undefined {
  if (entry.id === wanted) return 0;
  if (entry.label === wanted) return 1;
  if (entry.label.startsWith(wanted)) return 2;
  if (typed.length > 0 && typed.every((part) => entry.words.some((word) => word.startsWith(part)))) return 3;
  if (entry.id.startsWith(wanted) || entry.id.split(':')[1]?.startsWith(wanted)) return 4;
  return entry.label.includes(wanted) ? 5 : undefined;
}

function entryOf(term: NetworkTerm): Entry {
  const label = fold(term.label);
  return { term, id: fold(term.id), label, words: wordsOf(label) };
}

function wordsOf(folded: string): readonly string[] {
  return folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
