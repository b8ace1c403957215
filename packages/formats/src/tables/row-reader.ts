import {
  canonicalCurie,
  type Measurement,
  type Observation,
  type ObservationKind,
  type OntologyTerm,
  type SourceLocation,
  type SubjectRecord,
} from '@federome/core';
import { FormatError } from '../errors.ts';
import {
  ageCell,
  BadCell,
  curieCell,
  dateCell,
  numberCell,
  observation,
  sexCell,
  termsCell,
} from './cells.ts';
import type { Columns } from './columns.ts';
import type { Mapping } from './mapping.ts';
import type { AgeSource, MeasurementColumn, TermColumn, TermSource, TextSource } from './mapping-schema.ts';

type Row = readonly string[];
type Reader<T> = (row: Row) => T;
type Path = readonly (string | number)[];

/** A cell that cannot be read, with its column: the caller adds the line. */
export class BadValue extends Error {
  readonly column: number;

  constructor(column: number, name: string, problem: string) {
    super(`column "${name}": ${problem}`);
    this.column = column;
  }
}

/** Texts that mean a missing value unless the mapping says otherwise. */
const MISSING = ['', 'NA', 'N/A', 'NaN', 'NULL', '.'];

/**
 * A function from a row to a subject's record, as a mapping says; columns are resolved once, here.
 *
 * @throws FormatError `formats/missing-column`, `formats/mapping`. The function throws BadValue.
 */
export function rowReader(mapping: Mapping, columns: Columns): Reader<SubjectRecord> {
  return new RowReaders(mapping, columns).subject();
}

class RowReaders {
  readonly #mapping: Mapping;
  readonly #columns: Columns;
  readonly #missing: ReadonlySet<string>;

  constructor(mapping: Mapping, columns: Columns) {
    this.#mapping = mapping;
    this.#columns = columns;
    this.#missing = new Set(['', ...(mapping.content.missing ?? MISSING).map(String)]);
  }

  subject(): Reader<SubjectRecord> {
    const { content } = this.#mapping;
    const id = this.#id(content.id);
    const sex = this.#text(content.sex, ['sex'], sexCell);
    const birth = this.#cell(content.dateOfBirth, ['dateOfBirth'], dateCell);
    const age = this.#age(content.age, ['age']);
    const vitalStatus = this.#text(content.vitalStatus, ['vitalStatus'], vitalStatusCell);
    const population = this.#text(content.population, ['population'], (text) => text);
    const ethnicity = this.#term(content.ethnicity, ['ethnicity']);
    const origin = this.#term(content.geographicOrigin, ['geographicOrigin']);
    const terms = (content.terms ?? []).map((term, index) => this.#terms(term, ['terms', index]));
    const measurements = (content.measurements ?? []).map((source, index) =>
      this.#measurement(source, ['measurements', index]),
    );
    return (row) => ({
      id: id(row),
      sex: sex(row) ?? 'unknown',
      dateOfBirth: birth(row),
      ageAtLastEncounter: age(row),
      vitalStatus: vitalStatus(row),
      population: population(row),
      ethnicity: ethnicity(row),
      geographicOrigin: origin(row),
      observations: terms.flatMap((read) => read(row)),
      measurements: measurements.flatMap((read) => read(row)),
    });
  }

  #id(name: string): Reader<string> {
    const read = this.#cell(name, ['id'], (text) => text);
    const column = this.#columns.require(name, this.#mapping.locate(['id']));
    return (row) => {
      const id = read(row);
      if (id === undefined)
        throw new BadValue(column, name, 'expected the id of a subject, not an empty or missing value');
      return id;
    };
  }

  /** Reads one column; a missing value is `undefined`. */
  #cell<T>(name: string | undefined, path: Path, parse: (text: string) => T): Reader<T | undefined> {
    if (name === undefined) return () => undefined;
    const column = this.#columns.require(name, this.#mapping.locate(path));
    return (row) => {
      const text = row[column]!.trim();
      if (this.#missing.has(text)) return undefined;
      try {
        return parse(text);
      } catch (error) {
        if (error instanceof BadCell) throw new BadValue(column, name, error.message);
        throw error;
      }
    };
  }

  #text<T>(source: TextSource | undefined, path: Path, parse: (text: string) => T): Reader<T | undefined> {
    if (source === undefined || typeof source === 'string') return this.#cell(source, path, parse);
    if ('constant' in source) {
      const constant = this.#ofMapping([...path, 'constant'], () => parse(source.constant));
      return () => constant;
    }
    const { values } = source;
    if (values === undefined) return this.#cell(source.column, [...path, 'column'], parse);
    const translated = this.#translated(values, [...path, 'values'], parse);
    return this.#cell(source.column, [...path, 'column'], (text) =>
      lookUp(translated, text, source.unlisted),
    );
  }

  #term(source: TermSource | undefined, path: Path): Reader<OntologyTerm | undefined> {
    const curie = (text: string) => ({ id: curieCell(text) });
    if (source === undefined || typeof source === 'string') return this.#cell(source, path, curie);
    if ('constant' in source) {
      const constant = this.#ofMapping([...path, 'constant'], () => termOf(source.constant));
      return () => constant;
    }
    const { values } = source;
    if (values === undefined) return this.#cell(source.column, [...path, 'column'], curie);
    const translated = this.#translated(values, [...path, 'values'], (term) =>
      term === null ? undefined : termOf(term),
    );
    return this.#cell(source.column, [...path, 'column'], (text) =>
      lookUp(translated, text, source.unlisted),
    );
  }

  #terms(source: TermColumn, path: Path): Reader<readonly Observation[]> {
    if (typeof source === 'string')
      return orNone(this.#cell(source, path, (text) => termsCell(text, undefined)));
    const { values, unlisted } = source;
    // The schema admits only the names of kinds.
    const kind = source.kind as ObservationKind | undefined;
    const age = this.#age(source.ageOfOnset, [...path, 'ageOfOnset']);
    const at = [...path, 'column'];
    const read =
      values === undefined
        ? this.#cell(source.column, at, (text) => termsCell(text, kind))
        : this.#cell(source.column, at, this.#translations(values, [...path, 'values'], kind, unlisted));
    return (row) => {
      const found = read(row) ?? [];
      const ageOfOnset = found.length === 0 ? undefined : age(row);
      return ageOfOnset === undefined ? found : found.map((each) => ({ ...each, ageOfOnset }));
    };
  }

  #translations(
    values: NonNullable<Exclude<TermColumn, string>['values']>,
    path: Path,
    kind: ObservationKind | undefined,
    unlisted: 'refuse' | 'ignore' | undefined,
  ): (text: string) => readonly Observation[] {
    const translated = this.#translated(values, path, (term) => {
      if (term === null) return [];
      const excluded = typeof term !== 'string' && term.excluded === true;
      return [observation(termOf(term), excluded, kind)];
    });
    return (text) => lookUp(translated, text, unlisted) ?? [];
  }

  #age(source: AgeSource | undefined, path: Path): Reader<string | undefined> {
    if (source === undefined || typeof source === 'string')
      return this.#cell(source, path, (text) => ageCell(text, 'years'));
    const unit = source.unit ?? 'years';
    return this.#cell(source.column, [...path, 'column'], (text) => ageCell(text, unit));
  }

  #measurement(source: MeasurementColumn, path: Path): Reader<readonly Measurement[]> {
    const assay = this.#ofMapping([...path, 'assay'], () => termOf(source.assay));
    const unit = unitOf(source.unit);
    const value = this.#cell(source.column, [...path, 'column'], numberCell);
    const date = this.#cell(source.date, [...path, 'date'], dateCell);
    return (row) => {
      const measured = value(row);
      return measured === undefined ? [] : [{ assay, value: measured, unit, date: date(row) }];
    };
  }

  #translated<From, To>(values: Readonly<Record<string, From>>, path: Path, parse: (value: From) => To) {
    return new Map(
      Object.entries(values).map(([text, value]) => [
        text.trim(),
        this.#ofMapping([...path, text], () => parse(value)),
      ]),
    );
  }

  /** Reads a value that the mapping file itself holds. */
  #ofMapping<T>(path: Path, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof BadCell)) throw error;
      const location: SourceLocation = this.#mapping.locate(path);
      throw new FormatError('formats/mapping', `${path.join('.')}: ${error.message}`, { location });
    }
  }
}

function orNone<T>(read: Reader<readonly T[] | undefined>): Reader<readonly T[]> {
  return (row) => read(row) ?? [];
}

/** @throws BadCell where a value is not listed and that is not to be ignored. */
function lookUp<T>(
  values: ReadonlyMap<string, T>,
  text: string,
  unlisted: 'refuse' | 'ignore' | undefined,
): T | undefined {
  if (values.has(text)) return values.get(text);
  if (unlisted === 'ignore') return undefined;
  const listed = [...values.keys()].map((value) => `"${value}"`).join(', ');
  throw new BadCell(
    `"${text}" is not among the mapping's values ${listed} (unlisted: ignore would pass over it)`,
  );
}

function termOf(term: string | OntologyTerm): OntologyTerm {
  if (typeof term === 'string') return { id: curieCell(term) };
  const id = curieCell(term.id);
  return term.label === undefined ? { id } : { id, label: term.label };
}

function unitOf(unit: string | OntologyTerm): OntologyTerm {
  const { id, label } = typeof unit === 'string' ? { id: unit, label: undefined } : unit;
  const curie = canonicalCurie(id) ?? `UCUM:${id.trim()}`;
  return label === undefined ? { id: curie } : { id: curie, label };
}

function vitalStatusCell(text: string): 'alive' | 'deceased' | undefined {
  const status = text.toLowerCase();
  if (status === 'alive' || status === 'deceased') return status;
  if (status === 'unknown') return undefined;
  throw new BadCell(
    `expected alive, deceased or unknown, not "${text}"; the mapping's vitalStatus.values can translate it`,
  );
}
