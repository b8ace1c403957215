import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  formatVerifierKey,
  MemoryStorage,
  parseNote,
  parseVerifierKey,
  quorumOf,
  TileLog,
  tilePath,
  tileWidth,
  verifyCheckpoint,
  verifyNote,
} from '@federome/tlog';
import { expect, test } from 'vitest';
import { testEntries, testSigner } from '../../packages/tlog/src/test-signers.ts';
import { temporaryDirectory } from '../testkit/temporary.ts';
import { hasTool } from '../testkit/tools.ts';

/** Debian's golang-go and golang-golang-x-mod-dev. */
const GOPATH = '/usr/share/gocode';
const present = hasTool('go') && existsSync(join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog'));
const PROGRAM = fileURLToPath(new URL('tlog-go/main.go', import.meta.url));

interface GoAnswer {
  readonly Signer: string;
  readonly Root: string;
  /** Path to base64. */
  readonly Tiles: Readonly<Record<string, string>>;
  readonly RecordProofs: Readonly<Record<string, readonly string[] | null>>;
  readonly TreeProofs: Readonly<Record<string, readonly string[] | null>>;
  readonly Accepted: readonly number[];
  readonly GoKey: string;
  readonly GoNote: string;
}

async function built(directory: string): Promise<string> {
  const binary = join(directory, 'tlog-go');
  const env = {
    ...process.env,
    GOPATH,
    GO111MODULE: 'off',
    GOCACHE: join(directory, 'cache'),
    CGO_ENABLED: '0',
  };
  await promisify(execFile)('go', ['build', '-o', binary, PROGRAM], { env });
  return binary;
}

/** The hash tiles of a log as files, as a mirror of it has them. */
async function mirror(log: TileLog, directory: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let level = 0; tileWidth(level, 0, log.size) > 0; level++)
    for (let index = 0; tileWidth(level, index, log.size) > 0; index++)
      paths.push(tilePath({ level, index, width: tileWidth(level, index, log.size) }));
  for (const path of paths) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), (await log.read(path))!);
  }
  return paths;
}

const base64 = (hashes: readonly Uint8Array[]) => hashes.map((hash) => Buffer.from(hash).toString('base64'));

test.runIf(present)(
  'Go’s sumdb finds the same roots, tiles and proofs, verifies our checkpoints, and we its notes',
  async () => {
    const home = await temporaryDirectory();
    const binary = await built(home);
    for (const size of [1, 2, 255, 256, 257, 513, 65_536 + 300]) {
      const signer = testSigner('ee.node/log');
      const log = await TileLog.open({
        origin: 'ee.node/log',
        signers: [signer],
        storage: new MemoryStorage(),
      });
      await log.append(testEntries(size));
      const directory = join(home, String(size));
      const paths = await mirror(log, directory);
      const records = [...new Set([0, 1, 200, 255, 256, 65_535, size >> 1, size - 1])].filter(
        (n) => n < size,
      );
      const trees = [...new Set([1, 2, 255, 256, 257, 65_536, size])].filter((n) => n <= size);
      const tree = log.tree();
      const proofs: Record<number, readonly string[]> = {};
      for (const n of records) proofs[n] = base64(await tree.inclusionProof(n));
      const job = {
        directory,
        vKey: formatVerifierKey(signer.key),
        checkpoint: log.checkpoint,
        records,
        trees,
        proofs,
      };
      const { stdout, stderr, status } = spawnSync(binary, {
        input: JSON.stringify(job),
        maxBuffer: 1 << 28,
      });
      expect([status, stderr.toString()]).toEqual([0, '']);
      const go: GoAnswer = JSON.parse(stdout.toString());

      const head = verifyCheckpoint(log.checkpoint, quorumOf(0, [signer.key], []));
      expect([go.Signer, go.Root]).toEqual(['ee.node/log', Buffer.from(head.root).toString('base64')]);
      // It lists narrower tiles too, which were right once and are served for ever.
      expect(Object.keys(go.Tiles)).toEqual(expect.arrayContaining([...paths]));
      for (const [path, hashes] of Object.entries(go.Tiles))
        expect(Buffer.from((await log.read(path))!).toString('base64') === hashes, path).toBe(true);
      expect(go.Accepted).toEqual(records);
      for (const n of records) expect(go.RecordProofs[n] ?? []).toEqual(proofs[n]);
      for (const n of trees) expect(go.TreeProofs[n] ?? []).toEqual(base64(await tree.consistencyProof(n)));
      expect(verifyNote(parseNote(go.GoNote), [parseVerifierKey(go.GoKey)])).toHaveLength(1);
    }
  },
);
