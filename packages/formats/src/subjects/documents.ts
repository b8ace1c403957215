import type { SourceLocation, SubjectRecord } from '@federome/core';
import type { FormatErrorCode } from '../errors.ts';
import { individualSubject } from '../individuals/individual.ts';
import { Mismatch } from '../json/conform.ts';
import { offsetOf, positionIn } from '../json/locate.ts';
import { type JsonObjectText, jsonObjects } from '../json/values.ts';
import { phenopacketSubject } from '../phenopackets/phenopacket.ts';
import { type LocatedSubject, refusal } from './located.ts';

/**
 * The people of a JSON text: phenopackets, families (the proband and the relatives) and cohorts of them, and Beacon
 * individuals, as one object, an array or a sequence of objects. Locations are where a person's object begins.
 */
export async function* documentSubjects(
  chunks: AsyncIterable<string>,
  file: string,
): AsyncGenerator<LocatedSubject> {
  for await (const object of jsonObjects(chunks, file)) {
    const value = parsed(object, file);
    for (const { path, part } of packets(value))
      yield {
        subject: subjectOf(part, path, object, file),
        location: locationIn(object, path, file),
        packetId: packetIdOf(part),
      };
  }
}

interface Part {
  readonly path: readonly string[];
  readonly part: unknown;
}

function packets(value: Readonly<Record<string, unknown>>): readonly Part[] {
  const members = (field: string): readonly Part[] => {
    const list = value[field];
    return Array.isArray(list)
      ? list.map((part: unknown, index) => ({ path: [field, String(index)], part }))
      : [];
  };
  if (Array.isArray(value.members)) return members('members');
  if (value.proband !== undefined)
    return [{ path: ['proband'], part: value.proband }, ...members('relatives')];
  return [{ path: [], part: value }];
}

function subjectOf(
  part: unknown,
  path: readonly string[],
  object: JsonObjectText,
  file: string,
): SubjectRecord {
  const kind = kindOf(part);
  if (kind === 'unknown')
    throw refusal(
      'formats/unknown-format',
      `object ${object.index} is neither a Phenopacket 2.0 (it has no "subject") nor a Beacon individual (no "id")`,
      locationIn(object, path, file),
    );
  try {
    return kind === 'phenopacket' ? phenopacketSubject(part) : individualSubject(part);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const code: FormatErrorCode = kind === 'phenopacket' ? 'formats/phenopacket' : 'formats/individual';
    const prefix = path.length === 0 ? '' : `, in /${path.join('/')}`;
    throw refusal(
      code,
      `${error.message} (object ${object.index}${prefix})`,
      locationIn(object, [...path, ...error.path], file),
    );
  }
}

// Fields that only one of the two models has.
const OF_PHENOPACKETS = [
  'subject',
  'metaData',
  'meta_data',
  'interpretations',
  'medicalActions',
  'medical_actions',
];

function kindOf(part: unknown): 'phenopacket' | 'individual' | 'unknown' {
  if (typeof part !== 'object' || part === null) return 'unknown';
  if (OF_PHENOPACKETS.some((field) => Object.hasOwn(part, field))) return 'phenopacket';
  return Object.hasOwn(part, 'id') || Object.hasOwn(part, 'sex') ? 'individual' : 'unknown';
}

function packetIdOf(part: unknown): string | undefined {
  if (kindOf(part) !== 'phenopacket' || typeof part !== 'object' || part === null || !('id' in part))
    return undefined;
  return typeof part.id === 'string' && part.id !== '' ? part.id : undefined;
}

function parsed(object: JsonObjectText, file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(object.text);
    // The splitter only passes texts that begin with "{".
    return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const position = cause instanceof Error ? /at position (\d+)/.exec(cause.message)?.[1] : undefined;
    const at = position === undefined ? object : positionIn(object.text, Number(position), object);
    throw refusal('formats/json', `object ${object.index} is not valid JSON`, {
      file,
      line: at.line,
      column: at.column,
    });
  }
}

function locationIn(object: JsonObjectText, path: readonly string[], file: string): SourceLocation {
  return { file, ...positionIn(object.text, offsetOf(object.text, path), object) };
}
