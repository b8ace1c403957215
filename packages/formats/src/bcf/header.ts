import type { Assembly } from '@federome/core';
import { FormatError } from '../errors.ts';
import { HeaderReader, type ParsedHeader } from '../vcf/header/header.ts';
import { quoted } from '../vcf/place.ts';
import { type BcfDictionaries, readDictionaries } from './dictionaries.ts';

/** The header of a BCF file. */
export interface BcfHeader {
  readonly parsed: ParsedHeader;
  readonly dictionaries: BcfDictionaries;
  /** Bytes of the decompressed file before the first record. */
  readonly bytes: number;
}

const PREAMBLE_BYTES = 9;
/** A million names of 100 characters are 100 MB. */
const MOST_TEXT_BYTES = 1 << 29;

/** Whether the decompressed bytes of a file start like BCF of any version. */
export function isBcf(head: Uint8Array): boolean {
  return head[0] === 66 && head[1] === 67 && head[2] === 70 && (head[3] ?? 99) <= 4;
}

/**
 * Reads magic and header from the chunks of a decompressed file; takes no more chunks than it needs. Faults of the
 * header's text have its line. Raises `formats/bcf-version` for anything but BCF 2.2.
 */
export async function readBcfHeader(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  assembly: Assembly | undefined,
): Promise<BcfHeader> {
  let bytes = Buffer.alloc(0);
  const parts: Buffer[] = [];
  let length = 0;
  let wanted = PREAMBLE_BYTES;
  for await (const chunk of chunks) {
    parts.push(Buffer.from(chunk));
    length += chunk.length;
    if (length < wanted) continue;
    if (wanted === PREAMBLE_BYTES) {
      bytes = Buffer.concat(parts.splice(0));
      wanted += textBytes(bytes, file);
      parts.push(bytes);
      if (length < wanted) continue;
    }
    bytes = Buffer.concat(parts);
    break;
  }
  if (length < wanted || wanted === PREAMBLE_BYTES)
    throw new FormatError('formats/truncated', 'the file ends inside its header', { location: { file } });
  return { ...readText(bytes.toString('utf8', PREAMBLE_BYTES, wanted), file, assembly), bytes: wanted };
}

function textBytes(preamble: Buffer, file: string): number {
  const [major, minor] = [preamble[3]!, preamble[4]!];
  if (major !== 2 || minor !== 2)
    throw new FormatError(
      'formats/bcf-version',
      `the file is BCF ${major}.${minor}: expected 2.2, as bcftools writes it`,
      { location: { file } },
    );
  const length = preamble.readUInt32LE(5);
  if (length > MOST_TEXT_BYTES)
    throw new FormatError('formats/bcf-record', `the header claims ${length} bytes`, { location: { file } });
  return length;
}

function readText(
  text: string,
  file: string,
  assembly: Assembly | undefined,
): { readonly parsed: ParsedHeader; readonly dictionaries: BcfDictionaries } {
  const zero = text.indexOf('\0');
  const lines = (zero < 0 ? text : text.slice(0, zero)).split(/\r?\n/);
  const reader = new HeaderReader(file);
  for (const [index, line] of lines.entries()) {
    if (reader.done && line !== '')
      throw new FormatError('formats/vcf-header', `${quoted(line)} follows the column line`, {
        location: { file, line: index + 1 },
      });
    if (!reader.done && (line !== '' || index + 1 < lines.length)) reader.take(line);
  }
  const parsed = reader.finish(assembly);
  return { parsed, dictionaries: readDictionaries(lines, parsed, file) };
}
