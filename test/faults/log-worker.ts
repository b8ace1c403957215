// Appends to the log in a directory until it is killed, and says on standard output what was acknowledged.
// Usage: node log-worker.ts DIRECTORY PRIVATE-KEY-PEM NAME
import { createPrivateKey, sign } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type Appended, DirectoryStorage, noteKey, rawPublicKey, TileLog } from '@federome/tlog';

const [directory = '', pem = '', name = ''] = process.argv.slice(2);
const privateKey = createPrivateKey(pem);
const signer = {
  key: noteKey('ee.node', rawPublicKey(privateKey)),
  sign: async (message: Uint8Array) => sign(null, message, privateKey),
};
const log = await TileLog.open({
  origin: 'ee.node',
  signers: [signer],
  storage: new DirectoryStorage(directory),
});
writeSync(1, 'open\n');

const acknowledge = ({ index }: Appended, entry: string, count: number) =>
  writeSync(1, `${index} ${count} ${entry}\n`);

async function appendForEver(writer: number): Promise<void> {
  for (let at = 0; ; at++) {
    const entry = `${name}.${writer}.${at}`;
    const count = 1 + ((at * 37 + writer) % 90);
    const entries = Array.from({ length: count }, () => Buffer.from(entry));
    const isImport = writer === 0 && at % 40 === 39;
    acknowledge(await (isImport ? log.importEntries(entries) : log.append(entries)), entry, count);
  }
}
await Promise.all(Array.from({ length: 8 }, (_, writer) => appendForEver(writer)));
