import { expect, test } from 'vitest';
import type { LogStorage } from './storage.ts';

/** What every storage of a log keeps to; `open` gives the same storage anew each time it is called with one place. */
export function storageContract(name: string, makePlace: () => () => LogStorage): void {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const text = async (storage: LogStorage, path: string) => {
    const read = await storage.read(path);
    return read === undefined ? undefined : Buffer.from(read).toString();
  };

  test(`${name}: a file that was never stored is absent, also below one that was`, async () => {
    const storage = makePlace()();
    expect(await storage.read('tile/0/000')).toBeUndefined();
    await storage.put([{ path: 'tile/0/000', bytes: bytes('a') }]);
    expect(await storage.read('tile/0/000/more')).toBeUndefined();
    expect(await storage.read('tile/0/001')).toBeUndefined();
  });

  test(`${name}: files are read as they were put, also over older ones and by another reader`, async () => {
    const open = makePlace();
    const storage = open();
    await storage.put([
      { path: 'checkpoint', bytes: bytes('old') },
      { path: 'tile/0/x001/234', bytes: bytes('tile') },
    ]);
    await storage.put([{ path: 'checkpoint', bytes: bytes('new') }]);
    expect(await text(open(), 'checkpoint')).toBe('new');
    expect(await text(open(), 'tile/0/x001/234')).toBe('tile');
  });

  test(`${name}: what is appended comes behind what was put, and only to a file that exists`, async () => {
    const open = makePlace();
    const storage = open();
    await expect(storage.append('journal', bytes('a'))).rejects.toThrow();
    await storage.put([{ path: 'journal', bytes: bytes('a') }]);
    await storage.append('journal', bytes('b'));
    await storage.append('journal', bytes('c'));
    expect(await text(open(), 'journal')).toBe('abc');
    await storage.put([{ path: 'journal', bytes: bytes('x') }]);
    await storage.append('journal', bytes('y'));
    expect(await text(open(), 'journal')).toBe('xy');
  });

  test(`${name}: there is one writer at a time`, async () => {
    const open = makePlace();
    const unlock = await open().lock();
    await expect(open().lock()).rejects.toThrow(expect.objectContaining({ code: 'tlog/locked' }));
    await unlock();
    await (await open().lock())();
  });
}
