import { FormatError } from '../errors.ts';
import { type OpenedInput, openInput, utf8Text } from '../input/open.ts';
import { archiveMembers, isTar } from './archive.ts';
import { type LocatedSubject, refusal } from './located.ts';

/** How files of people are read. */
export interface ReadSubjectsOptions {
  /** Path of a mapping file (docs/mapping.md); for tables only. */
  readonly mapping?: string | undefined;
}

/**
 * The people of a file, streaming. The format is told by the content, plain or gzip'd:
 *
 * - Phenopackets 2.0: one JSON document, an array, JSON lines, a Cohort or Family, a tar of `.json` files;
 * - Beacon Friendly Format individuals: an array or JSON lines, also in a tar;
 * - a table (CSV, TSV, semicolons): with a mapping file, or with the columns id, sex, birthDate, population, terms.
 *
 * Two people with one id are both given: the caller decides, and `location` says where each was.
 *
 * @throws FormatError naming file, line and column, and what was expected; what was given before stands.
 *
 * @example
 * for await (const { subject, location } of readSubjects('cohort.tar.gz')) console.log(subject.id, location.line);
 */
export async function* readSubjects(
  path: string,
  options: ReadSubjectsOptions = {},
): AsyncGenerator<LocatedSubject> {
  // The readers of health records are loaded by the first call: whoever only asks for genotypes does not wait for them.
  const mapping =
    options.mapping === undefined
      ? undefined
      : await (await import('../tables/mapping.ts')).readMapping(options.mapping);
  const input = await openInput(path);
  const format = formatOf(input);
  if (mapping !== undefined && format !== 'table')
    throw refusal('formats/mapping', 'a mapping file is for tables, and this is none', { file: path });
  if (format === 'archive') yield* archiveSubjects(input);
  else if (format === 'document') {
    const { documentSubjects } = await import('./documents.ts');
    yield* documentSubjects(utf8Text(input.chunks, path), path);
  } else {
    const { tableSubjects } = await import('../tables/table-subjects.ts');
    yield* tableSubjects(utf8Text(input.chunks, path), path, mapping);
  }
}

async function* archiveSubjects({ chunks, file }: OpenedInput): AsyncGenerator<LocatedSubject> {
  const { documentSubjects } = await import('./documents.ts');
  let documents = 0;
  for await (const member of archiveMembers(chunks, file)) {
    if (!/\.(json|jsonl|ndjson)$/i.test(member.name) || /(^|\/)\.[^/]*$/.test(member.name)) continue;
    documents += 1;
    const name = `${file}!/${member.name}`;
    yield* documentSubjects(utf8Text(member.chunks, name), name);
  }
  if (documents === 0)
    throw new FormatError('formats/archive', 'the archive holds no .json, .jsonl or .ndjson file', {
      location: { file },
    });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ['504b0304', 'a zip archive; expected a tar, gzip, JSON or table'],
  ['28b52ffd', 'compressed by zstd; expected gzip or no compression'],
  ['425a68', 'compressed by bzip2; expected gzip or no compression'],
  ['fd377a585a00', 'compressed by xz; expected gzip or no compression'],
  ['d0cf11e0', 'an old Office file; save it as CSV'],
  ['232366696c65666f726d61743d564346', 'a VCF; expected health records'],
];

function formatOf({ head, file }: OpenedInput): 'archive' | 'document' | 'table' {
  const refuse = (what: string): never => {
    throw new FormatError('formats/unknown-format', `is ${what}`, { location: { file } });
  };
  const bytes = Buffer.from(head);
  const refused = REFUSED.find(([magic]) => bytes.toString('hex', 0, 16).startsWith(magic));
  if (refused !== undefined) refuse(refused[1]);
  if (isTar(head)) return 'archive';
  if (bytes.length === 0) refuse('empty');
  if (bytes.includes(0)) refuse('neither text nor a tar archive');
  const first = /[^\s\uFEFF]/.exec(bytes.toString('utf8'))?.[0];
  if (first === undefined) refuse('blank');
  return first === '{' || first === '[' ? 'document' : 'table';
}
