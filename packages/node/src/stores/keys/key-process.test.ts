import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFileKeys } from './file-keys.ts';
import { createKeyFiles } from './key-files.ts';
import { frame } from './key-frames.ts';
import { KeyProcess } from './key-process.ts';
import { type AllowedPurpose, serveKeys } from './key-server.ts';
import { keysContract } from './keys.contract.ts';
import { signingKeysContract } from './signing-keys.contract.ts';

const NOW = new Date('2026-01-02T03:04:05.000Z');
const BYTES = Buffer.from('what is signed');

async function freshDirectory() {
  const directory = await mkdtemp(join(tmpdir(), 'federome-keys-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const open = (directory: string, passphrase?: string) =>
  openFileKeys(
    directory,
    () => NOW,
    async () => passphrase,
  );

async function servedStore(allowed?: readonly AllowedPurpose[]) {
  const directory = await freshDirectory();
  await createKeyFiles(join(directory, 'keys'));
  const socket = join(directory, 'run', 's');
  const serve = async () => await serveKeys(await open(join(directory, 'keys')), socket, allowed);
  const server = await serve();
  onTestFinished(() => server.close());
  return { socket, serve, server, keys: new KeyProcess(socket, [5, 20, 50, 100, 200]) };
}

const served = async () => {
  const { socket } = await servedStore();
  return async () => new KeyProcess(socket);
};
keysContract('data keys of another process', served);
signingKeysContract('signing keys of another process', served);

test('a process signs only what it was told to allow, and shows public keys of all purposes', async () => {
  const { keys } = await servedStore(['request']);
  await keys.sign('request', BYTES);
  const refused = { code: 'node/key-process', message: expect.stringContaining('visa') };
  await expect(keys.sign('visa', BYTES)).rejects.toMatchObject(refused);
  await expect(keys.rotate('visa', NOW)).rejects.toMatchObject(refused);
  const [visa] = await keys.signingKeys('visa');
  await expect(keys.retire(visa!.id)).rejects.toMatchObject(refused);
  await expect(keys.list()).rejects.toMatchObject({ message: expect.stringContaining('data') });
});

test('garbage closes its own connection, and the process goes on', async () => {
  const { socket, keys } = await servedStore();
  const garbage = [
    randomBytes(4000),
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from([255, 255, 255, 255, 1]),
    Buffer.from([0, 0, 0, 2, 1, 123, 123]),
  ];
  for (const bytes of garbage) {
    const peer = connect(socket);
    peer.on('error', () => {});
    peer.end(bytes);
    peer.resume();
    await once(peer, 'close');
  }
  for (const op of ['constructor', 'export', '__proto__', 5, null]) {
    const peer = connect(socket);
    peer.write(frame({ op, purpose: 'visa' }));
    const [answer] = await once(peer, 'data');
    expect(String(answer)).toContain('no such operation');
    peer.destroy();
  }
  expect((await keys.sign('visa', BYTES)).signature).toHaveLength(64);
});

test('calls wait for a process that is started again, and are told where none comes', async () => {
  const { serve, server, keys } = await servedStore();
  await keys.sign('ledger', BYTES);
  await server.close();
  const waiting = keys.sign('ledger', BYTES);
  const again = await serve();
  expect((await waiting).signature).toHaveLength(64);
  await again.close();
  await expect(keys.sign('ledger', BYTES)).rejects.toMatchObject({ code: 'node/key-process' });
});

test('a socket in a directory that others may enter, or that is served, is refused', async () => {
  const { socket, serve } = await servedStore();
  await expect(serve()).rejects.toMatchObject({ code: 'node/key-process' });
  await chmod(join(socket, '..'), 0o750);
  await expect(serve()).rejects.toMatchObject({ code: 'node/key-process' });
});
