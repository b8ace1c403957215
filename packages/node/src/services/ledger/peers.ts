import type { DirectoryMember } from '@federome/core';
import type { ReadPath } from '@federome/tlog';
import type { WitnessedLog } from './witness-service.ts';

/** Another member's ledger and witness, as they are reached. Every call throws where they are not. */
export interface LedgerPeer {
  addCheckpoint(body: string): Promise<{ status: number; contentType: string; body: string }>;
  /** What it cosigned. */
  heads(): Promise<readonly WitnessedLog[]>;
  /** Reads its log, as anybody may. */
  readonly read: ReadPath;
  /** The latest head of its own log, cosigned or not. */
  latest(): Promise<string | undefined>;
}

/** How a member is reached. */
export type LedgerPeerOf = (member: Pick<DirectoryMember, 'url'>) => LedgerPeer;

const TIMEOUT_MS = 5_000;
const MAXIMUM_BYTES = 32 << 20;

/** Members over HTTP, under `tlog/` of their addresses. */
export function httpLedgerPeers(fetch: typeof globalThis.fetch = globalThis.fetch): LedgerPeerOf {
  return ({ url }) => {
    const at = (path: string) => new URL(`tlog/${path}`, url.endsWith('/') ? url : `${url}/`);
    const read: ReadPath = async (path) => {
      const response = await fetch(at(path), {
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      if (!response.ok) throw new Error(`${path}: status ${response.status}`);
      return await boundedBytes(response);
    };
    const text = async (path: string) => {
      const bytes = await read(path);
      return bytes === undefined ? undefined : Buffer.from(bytes).toString();
    };
    return {
      read,
      latest: () => text('latest'),
      heads: async () => readHeads(await text('witness/heads')),
      addCheckpoint: async (body) => {
        const response = await fetch(at('witness/add-checkpoint'), {
          method: 'POST',
          redirect: 'error',
          body,
          headers: { 'content-type': 'text/plain; charset=utf-8' },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        return {
          status: response.status,
          contentType: response.headers.get('content-type') ?? '',
          body: Buffer.from(await boundedBytes(response)).toString(),
        };
      },
    };
  };
}

async function boundedBytes(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAXIMUM_BYTES) throw new Error(`more than ${MAXIMUM_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function readHeads(text: string | undefined): readonly WitnessedLog[] {
  const value: unknown = JSON.parse(text ?? '{"heads":[]}');
  const heads: unknown =
    typeof value === 'object' && value !== null && 'heads' in value ? value.heads : undefined;
  if (!Array.isArray(heads) || !heads.every(isHead)) throw new Error('witness/heads: unexpected content');
  return heads;
}

function isHead(value: unknown): value is WitnessedLog {
  const given: { readonly [Key in keyof WitnessedLog]?: unknown } =
    typeof value === 'object' && value !== null ? value : {};
  return (
    typeof given.origin === 'string' && typeof given.size === 'number' && typeof given.checkpoint === 'string'
  );
}
