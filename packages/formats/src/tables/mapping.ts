import type { SourceLocation } from '@federome/core';
import { Value } from 'typebox/value';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { FormatError } from '../errors.ts';
import { readText } from '../input/open.ts';
import { MappingFile } from './mapping-schema.ts';

/** A mapping from columns to a subject's record, with the places in its file that errors point to. */
export interface Mapping {
  readonly content: MappingFile;
  /** Where the value at a path of the mapping (`['measurements', 0, 'column']`) is written. */
  locate(path: readonly (string | number)[]): SourceLocation;
}

/**
 * Reads a mapping file, YAML 1.2 or JSON.
 *
 * @throws FormatError `formats/mapping` with line and column, naming what was expected there; `formats/file-not-readable`.
 */
export async function readMapping(file: string): Promise<Mapping> {
  return parseMapping(await readText(file), file);
}

/** As `readMapping`, of a text. `file` names it in errors. */
export function parseMapping(text: string, file: string): Mapping {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const refuse = (message: string, location: SourceLocation): never => {
    throw new FormatError('formats/mapping', message, { location });
  };
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const problem = document.errors[0];
  if (problem !== undefined) refuse(`is not valid YAML or JSON: ${problem.message}`, at(problem.pos[0]));
  const locate = (path: readonly (string | number)[]) => at(offsetOf(document, path));
  const content = contentOf(document, file);
  if (Value.Check(MappingFile, content)) return { content, locate };
  const { path, message } = firstProblem(content);
  return refuse(message, locate(path));
}

function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new FormatError('formats/mapping', 'has aliases that cannot be resolved', {
      location: { file },
      cause,
    });
  }
}

function offsetOf(document: Document, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return 0;
}

// Of the errors of a union's branches the one deepest in the mapping is what its author meant.
function firstProblem(content: unknown): {
  readonly path: readonly (string | number)[];
  readonly message: string;
} {
  // `boolean` only repeats, one level deeper, what `additionalProperties` says with the field's name.
  const errors = Value.Errors(MappingFile, content).filter(({ keyword }) => keyword !== 'boolean');
  const depth = (path: string) => path.split('/').length;
  const [error] = errors.toSorted((a, b) => depth(b.instancePath) - depth(a.instancePath));
  if (error === undefined) return { path: [], message: 'is not a mapping' };
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const where = path.length === 0 ? 'the mapping' : path.join('.');
  if (error.keyword === 'additionalProperties') {
    const unknown = error.params.additionalProperties[0] ?? '';
    return { path: [...path, unknown], message: `${where} has the unknown field "${unknown}"` };
  }
  if (error.keyword === 'required')
    return { path, message: `${where} has no "${error.params.requiredProperties[0]}"` };
  return { path, message: `${where} ${error.message}${expectedAt(path)}` };
}

const EXPECTED: readonly (readonly [RegExp, string])[] = [
  [/^(id|dateOfBirth)$/, 'the name of a column'],
  [
    /^(sex|population|vitalStatus|ethnicity|geographicOrigin)$/,
    'a column name, { column, values } or { constant }',
  ],
  [/^age$/, 'a column name or { column, unit: years | months | days }'],
  [/^terms/, 'a column name or { column, kind, values, unlisted, ageOfOnset }'],
  [/^measurements/, '{ column, assay, unit, date }'],
  [/^missing/, 'a list of texts'],
  [/^delimiter$/, 'comma, tab, semicolon or pipe'],
];

function expectedAt(path: readonly (string | number)[]): string {
  const field = path.join('.');
  const expected = EXPECTED.find(([pattern]) => pattern.test(field.split('.')[0]!));
  return expected === undefined ? '' : `; expected ${expected[1]}`;
}
