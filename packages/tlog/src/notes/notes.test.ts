import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testSigner } from '../test-signers.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { formatVerifierKey, noteKey, parseVerifierKey } from './key.ts';
import { formatNote, formatSignature, parseNote, verifyNote } from './note.ts';
import { signNote, signText } from './signer.ts';

const code = (name: string) => expect.objectContaining({ code: `tlog/${name}` });

/** The example of Go's package golang.org/x/mod/sumdb/note, from which the format comes. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_NOTE =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n\n" +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

test('the published note of another implementation verifies, and no longer when a letter of it changes', () => {
  const key = parseVerifierKey(GO_KEY);
  expect(formatVerifierKey(key)).toBe(GO_KEY);
  expect(verifyNote(parseNote(GO_NOTE), [key]).map(({ name }) => name)).toEqual(['PeterNeumann']);
  expect(formatNote(parseNote(GO_NOTE))).toBe(GO_NOTE);
  const changed = GO_NOTE.replace('answer', 'Answer');
  expect(() => verifyNote(parseNote(changed), [key])).toThrow(code('bad-signature'));
});

test('a note signed by two keys names both, and passes over strangers', async () => {
  const [old, next, stranger] = ['a.example/log', 'a.example/log', 'b.example'].map((name) =>
    testSigner(name),
  );
  const note = parseNote(await signNote('text\n\nof parts\n', [old!, next!, stranger!]));
  expect(note.text).toBe('text\n\nof parts\n');
  expect(verifyNote(note, [old!.key, next!.key]).map(({ key }) => key)).toEqual([old!.key, next!.key]);
  expect(() => verifyNote(note, [])).toThrow(code('bad-signature'));
  expect(() => verifyNote(note, [testSigner('a.example/log').key])).toThrow(code('bad-signature'));
});

test('one bad signature of a trusted key refuses the note, whoever else signed', async () => {
  const [good, bad] = [testSigner('good'), testSigner('bad')];
  const note = parseNote(await signNote('text\n', [good, { ...bad, sign: (message) => good.sign(message) }]));
  expect(verifyNote(note, [good.key])).toHaveLength(1);
  expect(() => verifyNote(note, [good.key, bad.key])).toThrow(/bad does not verify/);
});

test('a cosignature holds for its text and its time only', async () => {
  const witness = testSigner('w.example', 'cosignature');
  const text = formatCheckpoint({ origin: 'log', size: 3, root: new Uint8Array(32) });
  const signature = await signText(text, witness, 1_679_315_147);
  expect(verifyNote({ text, signatures: [signature] }, [witness.key])[0]?.time).toBe(1_679_315_147);
  const later = signature.signature.slice();
  later[7]!++;
  const forged = { text, signatures: [{ ...signature, signature: later }] };
  expect(() => verifyNote(forged, [witness.key])).toThrow(code('bad-signature'));
  expect(() => verifyNote({ text: `${text}more\n`, signatures: [signature] }, [witness.key])).toThrow(
    code('bad-signature'),
  );
});

test('a key used for notes and for cosignatures has two ids', () => {
  const { key } = testSigner('both');
  expect(noteKey('both', key.publicKey, 'cosignature').id).not.toBe(key.id);
});

const REFUSED_NOTES: readonly (readonly [string, string])[] = [
  ['without signatures', 'text\n'],
  ['without an empty line', 'text\n— a AAAAAAA=\n'],
  ['without a last newline', 'text\n\n— a AAAAAAA='],
  ['with a hyphen for a dash', 'text\n\n- a AAAAAAA=\n'],
  ['with a name of two words', 'text\n\n— a b AAAAAAA=\n'],
  ['with a name with a plus', 'text\n\n— a+b AAAAAAA=\n'],
  ['with an empty name', 'text\n\n—  AAAAAAA=\n'],
  ['with a name with a no-break space', 'text\n\n— a\u00a0b AAAAAAA=\n'],
  ['with base64 that is not canonical', 'text\n\n— a AAAAAAB=\n'],
  ['with base64 without padding', 'text\n\n— a AAAAAAA\n'],
  ['with an id alone', 'text\n\n— a AAAAAA==\n'],
  ['with a carriage return', 'text\r\n\n— a AAAAAAA=\n'],
  ['with a NUL', 'te\0xt\n\n— a AAAAAAA=\n'],
  ['with half a surrogate', 'te\ud800xt\n\n— a AAAAAAA=\n'],
  ['with 257 signatures', `text\n\n${'— a AAAAAAA=\n'.repeat(257)}`],
  ['of more than a megabyte', `${'text'.repeat(250_001)}\n\n— a AAAAAAA=\n`],
];
test.each(REFUSED_NOTES)('a note %s is refused', (_, note) => {
  expect(() => parseNote(note)).toThrow(code('bad-note'));
});

test.each([
  ['without its base64', 'PeterNeumann+c74f20a3'],
  ['with another id', GO_KEY.replace('c74f20a3', 'c74f20a4')],
  ['with its id in capitals', GO_KEY.replace('c74f20a3', 'C74F20A3')],
  ['under another name', GO_KEY.replace('Peter', 'Paul')],
  ['of an unknown type', GO_KEY.replace('+AR', '+AB')],
  ['that is cut', GO_KEY.slice(0, -4)],
])('a key %s is refused', (_, text) => {
  expect(() => parseVerifierKey(text)).toThrow(code('bad-key'));
});

const ROOT = Buffer.alloc(32, 7).toString('base64');
test.each([
  ['with too few lines', 'log\n3\n'],
  ['without an origin', `\n3\n${ROOT}\n`],
  ['with a leading zero', `log\n03\n${ROOT}\n`],
  ['with a sign', `log\n+3\n${ROOT}\n`],
  ['with a size beyond 2^53', `log\n9007199254740992\n${ROOT}\n`],
  ['with a short root', `log\n3\n${ROOT.slice(4)}\n`],
  ['with an empty extension line', `log\n3\n${ROOT}\n\n`],
  ['without its last newline', `log\n3\n${ROOT}`],
])('a checkpoint %s is refused', (_, text) => {
  expect(() => parseCheckpoint(text)).toThrow(code('bad-note'));
});

test('checkpoints, notes and keys read back as they were written', () => {
  const line = fc.stringMatching(/^[^\s\p{Cc}+]{1,40}$/u).filter((text) => text.isWellFormed());
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(line, fc.maxSafeNat(), bytes(32), fc.array(line), (origin, size, root, extensions) => {
      const checkpoint = { origin, size, root, ...(extensions.length > 0 ? { extensions } : {}) };
      expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
      const key = noteKey(origin, root, size % 2 === 0 ? 'note' : 'cosignature');
      expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key);
    }),
  );
  fc.assert(
    fc.property(line, fc.array(line), bytes(4), bytes(70), (name, lines, id, signature) => {
      const signatures = [{ name, id: Buffer.from(id).toString('hex'), signature }];
      const text = `${lines.join('\n')}\n`;
      expect(parseNote(formatNote({ text, signatures }))).toEqual({ text, signatures });
      expect(formatSignature(signatures[0]!)).toMatch(/^— .+\n$/);
    }),
  );
});
