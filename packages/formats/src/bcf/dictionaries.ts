import type { FieldDefinition } from '../vcf/header/definitions.ts';
import type { ParsedHeader } from '../vcf/header/header.ts';
import { parseMetaLine, structuredFields } from '../vcf/header/meta-line.ts';
import { refusal } from '../vcf/place.ts';

/** What the numbers in records stand for. */
export interface BcfDictionaries {
  readonly contigs: readonly (string | undefined)[];
  readonly filters: readonly (string | undefined)[];
  readonly info: readonly (FieldDefinition | undefined)[];
  readonly format: readonly (FieldDefinition | undefined)[];
}

/** Indexes from here on are no dictionary's: it would be larger than any header. */
const MOST_ENTRIES = 1 << 24;

/** Names with their numbers: those that IDX gives, the others in order of appearance (BCF 2.2, section 6.2.1). */
class Dictionary {
  readonly numbers = new Map<string, number>();
  readonly #names = new Map<number, string>();
  #next = 0;

  /** The number of a name; `undefined` where another name has the number that is asked for. */
  add(name: string, asked: number | undefined): number | undefined {
    const known = this.numbers.get(name);
    if (known !== undefined) return asked === undefined || asked === known ? known : undefined;
    const number = asked ?? this.#next;
    if (this.#names.has(number)) return undefined;
    this.#names.set(number, name);
    this.numbers.set(name, number);
    this.#next = Math.max(this.#next, number + 1);
    return number;
  }
}

/**
 * Reads the dictionaries out of the lines of a header that was found good. PASS has number 0 without being declared;
 * INFO, FORMAT and FILTER of one name share a number. Raises `formats/vcf-header` where numbers contradict each other.
 */
export function readDictionaries(
  lines: readonly string[],
  header: ParsedHeader,
  file: string,
): BcfDictionaries {
  const strings = new Dictionary();
  const contigs = new Dictionary();
  strings.add('PASS', 0);
  const filters: (string | undefined)[] = ['PASS'];
  const info: (FieldDefinition | undefined)[] = [];
  const format: (FieldDefinition | undefined)[] = [];
  const contigNames: (string | undefined)[] = [];
  lines.forEach((line, index) => {
    const kind = /^##(FILTER|INFO|FORMAT|contig)=/.exec(line)?.[1];
    if (kind === undefined) return;
    const { name, asked } = entryOf(line, file, index + 1);
    const number = (kind === 'contig' ? contigs : strings).add(name, asked);
    if (number === undefined)
      throw refusal('formats/vcf-header', `##${kind}: IDX contradicts that of another line`, {
        file,
        line: index + 1,
        column: 1,
      });
    if (kind === 'contig') contigNames[number] = name;
    else if (kind === 'FILTER') filters[number] = name;
    else if (kind === 'INFO') info[number] ??= header.info.get(name);
    else format[number] ??= header.format.get(name);
  });
  return { contigs: contigNames, filters, info, format };
}

function entryOf(
  line: string,
  file: string,
  number: number,
): { readonly name: string; readonly asked: number | undefined } {
  const fields = structuredFields(parseMetaLine(line, file, number));
  const name = fields.find((field) => field.name === 'ID')?.value ?? '';
  const written = fields.find((field) => field.name === 'IDX');
  if (written === undefined) return { name, asked: undefined };
  const asked = /^\d{1,9}$/.test(written.value) ? Number(written.value) : MOST_ENTRIES;
  if (asked >= MOST_ENTRIES)
    throw refusal('formats/vcf-header', `IDX is not a number from 0 to ${MOST_ENTRIES - 1}`, {
      file,
      line: number,
      column: written.at,
    });
  return { name, asked };
}
