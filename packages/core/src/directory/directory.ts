import type { DisclosurePolicy } from '../disclosure/policy.ts';

/** What a member's key signs. A key serves one purpose only. */
export type MemberKeyPurpose = 'visa' | 'request' | 'ledger' | 'witness' | 'directory' | 'identity';

/** A public key of a member. */
export interface MemberKey {
  /** JWK thumbprint (RFC 7638, SHA-256, base64url). */
  readonly id: string;
  readonly purpose: MemberKeyPurpose;
  readonly algorithm: 'ES256' | 'Ed25519';
  /** JWK, public members only. */
  readonly publicKey: Readonly<Record<string, string>>;
}

/** A member of the network, as k of n members have signed. */
export interface DirectoryMember {
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Nodes vote; a hub coordinates and has no vote. */
  readonly role: 'node' | 'hub';
  /** With a slash at the end. */
  readonly url: string;
  readonly keys: readonly MemberKey[];
  /** What it lets out at most. */
  readonly floors: DisclosurePolicy;
  /** Reference of its data protection impact assessment. */
  readonly dpia: string;
  /** ISO 8601. */
  readonly joinedAt: string;
}

/** Who is in the network; nothing else says so. */
export interface MemberDirectory {
  readonly network: string;
  /** From 1; each version is signed by members of the one before. */
  readonly version: number;
  readonly issuedAt: string;
  readonly expiresAt: string;
  /** How many nodes must sign the next version. */
  readonly threshold: number;
  readonly members: readonly DirectoryMember[];
}

/** How everything else asks for members: from the last valid directory, which expires. */
export interface Members {
  /** Throws `node/no-directory` where this node is in no network, `node/directory-expired`. */
  current(): Promise<MemberDirectory>;
  /** `undefined` for whoever is no member. Throws as `current`. */
  member(id: string): Promise<DirectoryMember | undefined>;
}
