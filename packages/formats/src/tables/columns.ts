import type { SourceLocation } from '@federome/core';
import { FormatError } from '../errors.ts';

// As many columns as a message lists: a questionnaire can have thousands.
const COLUMNS_SHOWN = 20;

/** The columns of one table, by name. */
export class Columns {
  readonly #names: readonly string[];
  readonly #file: string;

  constructor(names: readonly string[], file: string) {
    this.#names = names;
    this.#file = file;
  }

  /** Index of a column: the exact name, else the only one that differs in upper and lower case alone. */
  find(name: string): number | undefined {
    const exact = this.#names.indexOf(name.trim());
    if (exact >= 0) return exact;
    const wanted = name.trim().toLowerCase();
    const alike = this.#names.flatMap((candidate, index) =>
      candidate.toLowerCase() === wanted ? [index] : [],
    );
    return alike.length === 1 ? alike[0] : undefined;
  }

  /** @throws FormatError `formats/missing-column` naming where the column was asked for and the columns there are. */
  require(name: string, askedAt: SourceLocation): number {
    const index = this.find(name);
    if (index !== undefined) return index;
    const shown = this.#names.slice(0, COLUMNS_SHOWN).map((column) => `"${column}"`);
    const others = this.#names.length - shown.length;
    const subject = askedAt.file === this.#file ? '' : `${this.#file} `;
    throw new FormatError(
      'formats/missing-column',
      `${subject}has no column "${name}"; it has ${shown.join(', ')}${others > 0 ? ` and ${others} others` : ''}`,
      { location: askedAt },
    );
  }
}
