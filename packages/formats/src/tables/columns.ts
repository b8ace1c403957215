import type { SourceLocation } from '@federome/core';
import { FormatError } from '../errors.ts';

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
    const there = this.#names.map((column) => `"${column}"`).join(', ');
    throw new FormatError(
      'formats/missing-column',
      `${this.#file} has no column "${name}"; it has ${there}`,
      {
        location: askedAt,
      },
    );
  }
}
