import type { MachineClient, OidcStore } from '../../../stores/oidc/oidc-store.ts';

type Payload = Readonly<Record<string, unknown>>;

/** Where the provider keeps its sessions, codes, grants and tokens, and finds its clients: this node's database. */
export function adapterOver(
  store: OidcStore,
  now: () => Date,
  metadataOf: (client: MachineClient) => Payload,
) {
  const seconds = () => Math.floor(now().getTime() / 1_000);
  return class Adapter {
    readonly kind: string;

    constructor(kind: string) {
      this.kind = kind;
    }

    async upsert(id: string, payload: Payload, expiresIn: number): Promise<void> {
      const { grantId, uid } = payload;
      await store.put({
        kind: this.kind,
        id,
        payload,
        grantId: typeof grantId === 'string' ? grantId : undefined,
        uid: typeof uid === 'string' ? uid : undefined,
        expiresAt: seconds() + expiresIn,
      });
    }

    async find(id: string): Promise<Payload | undefined> {
      if (this.kind === 'Client') {
        const client = await store.client(id);
        return client === undefined ? undefined : metadataOf(client);
      }
      return (await store.get(this.kind, id, seconds()))?.payload;
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      return (await store.getByUid(this.kind, uid, seconds()))?.payload;
    }

    /** Federome's provider has no device flow. */
    async findByUserCode(): Promise<undefined> {
      return undefined;
    }

    async consume(id: string): Promise<boolean> {
      return await store.consume(this.kind, id, seconds());
    }

    async destroy(id: string): Promise<void> {
      await store.remove(this.kind, id);
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      await store.removeGrant(grantId);
    }
  };
}
