import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DISCLOSURE_FLOOR } from '../disclosure/policy.ts';
import type { DirectoryMember, MemberKey } from './directory.ts';
import type {
  ApprovedChange,
  DirectoryChange,
  DirectoryDocument,
  DirectoryLink,
  DirectorySignature,
  Proposal,
  SignedProposal,
  SignedVote,
} from './document.ts';
import {
  foundingDocument,
  isOwnAffair,
  nextDocument,
  thresholdOf,
  verifiedAnchor,
  verifiedLink,
  votesOf,
} from './rules.ts';
import {
  changeStatement,
  type DirectoryCrypto,
  documentHash,
  keyThumbprint,
  proposalHash,
  proposalStatement,
  versionStatement,
  voteStatement,
} from './statements.ts';

/** A cryptography that a test reads: a signature names its key and the bytes. */
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const short = (value: string) => {
  let [a, b] = [1, 7];
  for (const character of value) {
    a = (Math.imul(a, 31) + character.charCodeAt(0)) >>> 0;
    b = (Math.imul(b, 131) ^ character.charCodeAt(0)) >>> 0;
  }
  return `${a.toString(36)}-${b.toString(36)}-${value.length}`;
};
const crypto: DirectoryCrypto = {
  hash: (bytes) => short(text(bytes)),
  verify: (key, bytes, signature) => signature === `${key.publicKey.x}:${short(text(bytes))}`,
};

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T12:00:00.000Z';
const ATTEMPT = { number: 1, member: 'n0' };

function keyOf(member: string, generation = 0): MemberKey {
  const publicKey = { crv: 'Ed25519', kty: 'OKP', x: `${member}#${generation}` };
  return { id: keyThumbprint({ publicKey }, crypto), purpose: 'directory', algorithm: 'Ed25519', publicKey };
}

function memberOf(id: string, role: 'node' | 'hub' = 'node', generation = 0): DirectoryMember {
  return {
    id,
    name: id,
    country: 'EE',
    role,
    url: `https://${id}.example/`,
    keys: [keyOf(id, generation)],
    floors: DISCLOSURE_FLOOR,
    dpia: 'DPIA 1',
    joinedAt: AT,
  };
}

function by(member: string, bytes: Uint8Array, generation = 0): DirectorySignature {
  return {
    member,
    keyId: keyOf(member, generation).id,
    signature: `${member}#${generation}:${short(text(bytes))}`,
  };
}

const nodesNamed = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);

function networkOf(nodes: number, rule: 'majority' | number = 'majority'): DirectoryDocument {
  const members = [...nodesNamed(nodes).map((id) => memberOf(id)), memberOf('hub', 'hub')];
  return foundingDocument('net', members, AT, crypto, { rule });
}

function proposalOf(
  change: DirectoryChange,
  proposedBy = 'n0',
  changes: Partial<Proposal> = {},
): SignedProposal {
  const proposal: Proposal = {
    network: 'net',
    change,
    proposedBy,
    proposedAt: AT,
    expiresAt: '2026-01-20T00:00:00.000Z',
    ...changes,
  };
  const bytes = changeStatement('net', change);
  const keys =
    change.kind === 'join' ? change.member.keys : change.kind === 'update' ? (change.keys ?? []) : [];
  return {
    proposal,
    signature: by(proposedBy, proposalStatement(proposal)),
    proofs: keys.map((key) => ({ keyId: key.id, signature: `${key.publicKey.x}:${short(text(bytes))}` })),
  };
}

function voteOf(
  proposal: SignedProposal,
  member: string,
  decision: 'for' | 'against' = 'for',
  at = AT,
): SignedVote {
  const vote = { network: 'net', proposal: proposalHash(proposal.proposal, crypto), decision, at };
  return { vote, signature: by(member, voteStatement(vote)) };
}

function linkOf(
  document: DirectoryDocument,
  signers: readonly string[],
  changes: readonly ApprovedChange[] = [],
  issuedAt = LATER,
): DirectoryLink {
  const next = nextDocument(
    document,
    issuedAt,
    changes.map(({ proposal }) => proposal),
    crypto,
  );
  const bytes = versionStatement('net', next.version, documentHash(next, crypto), ATTEMPT);
  return {
    version: next.version,
    issuedAt,
    attempt: ATTEMPT,
    changes,
    signatures: signers.map((member) => by(member, bytes)),
  };
}

const join = (id = 'new'): DirectoryChange => {
  const { joinedAt: _, ...member } = memberOf(id);
  return { kind: 'join', member, checks: [] };
};

const refused = (code: string) => expect.objectContaining({ code });

describe('k of n', () => {
  const cases = fc
    .integer({ min: 1, max: 12 })
    .chain((nodes) =>
      fc.tuple(
        fc.constant(nodes),
        fc.oneof(fc.constant('majority' as const), fc.integer({ min: 1, max: 14 })),
        fc.array(fc.constantFrom(...nodesNamed(nodes), 'hub', 'stranger'), { maxLength: 30 }),
      ),
    );

  test('a version holds exactly when k distinct nodes of the one before signed it, whoever else did and how often', () => {
    fc.assert(
      fc.property(cases, ([nodes, rule, signers]) => {
        const document = networkOf(nodes, rule);
        const distinct = new Set(signers.filter((id) => id.startsWith('n')));
        const link = linkOf(document, signers);
        if (distinct.size >= document.threshold) {
          expect(verifiedLink(document, link, crypto).version).toBe(2);
        } else {
          expect(() => verifiedLink(document, link, crypto)).toThrow(refused('core/directory-under-signed'));
        }
      }),
    );
  });

  test('a change holds exactly when k distinct nodes of the version before voted for it', () => {
    fc.assert(
      fc.property(cases, ([nodes, rule, voters]) => {
        const document = networkOf(nodes, rule);
        const proposal = proposalOf(join());
        const votes = voters.map((member) => voteOf(proposal, member));
        const link = linkOf(document, nodesNamed(nodes), [{ proposal, votes }]);
        const distinct = new Set(voters.filter((id) => id.startsWith('n')));
        if (distinct.size >= document.threshold) {
          expect(verifiedLink(document, link, crypto).members.map(({ id }) => id)).toContain('new');
        } else {
          expect(() => verifiedLink(document, link, crypto)).toThrow(refused('core/bad-proposal'));
        }
      }),
    );
  });

  test('k is always more than half of the nodes, so that any two agreements have a node in common', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 300 }), (nodes, rule) => {
        for (const k of [thresholdOf('majority', nodes), thresholdOf(rule, nodes)]) {
          expect(2 * k).toBeGreaterThan(nodes);
          expect(k).toBeLessThanOrEqual(nodes);
        }
      }),
    );
  });

  test('signatures of two attempts do not add up', () => {
    const document = networkOf(3);
    const link = linkOf(document, ['n0', 'n1']);
    const other = { ...link, attempt: { number: 2, member: 'n1' } };
    expect(() => verifiedLink(document, other, crypto)).toThrow(refused('core/directory-under-signed'));
  });

  test('the hub alone makes no version, though it signs with every key that it has', () => {
    const document = networkOf(1);
    expect(() => verifiedLink(document, linkOf(document, ['hub', 'hub']), crypto)).toThrow(
      refused('core/directory-under-signed'),
    );
  });

  test('signatures with another member’s key, or over another version, count nothing', () => {
    const document = networkOf(1);
    const link = linkOf(document, ['n0']);
    const [signature] = link.signatures;
    const borrowed = { ...link, signatures: [{ ...signature!, keyId: keyOf('hub').id }] };
    expect(() => verifiedLink(document, borrowed, crypto)).toThrow(refused('core/directory-under-signed'));
    const later = { ...link, issuedAt: '2026-01-01T13:00:00.000Z' };
    expect(() => verifiedLink(document, later, crypto)).toThrow(refused('core/directory-under-signed'));
  });
});

describe('the chain', () => {
  test('versions come one after the other, and never before the one before', () => {
    const document = networkOf(1);
    expect(() => verifiedLink(document, { ...linkOf(document, ['n0']), version: 3 }, crypto)).toThrow(
      refused('core/bad-directory'),
    );
    expect(() => nextDocument(document, '2025-12-31T00:00:00.000Z', [], crypto)).toThrow(
      refused('core/bad-directory'),
    );
  });

  test('a renewal has the content of the version before, and its length of life', () => {
    const document = networkOf(3);
    const next = verifiedLink(document, linkOf(document, ['n0', 'n1']), crypto);
    expect(next).toEqual({
      ...document,
      version: 2,
      previous: documentHash(document, crypto),
      issuedAt: LATER,
      expiresAt: '2026-01-02T12:00:00.000Z',
    });
  });

  test('version 1 is believed under its own hash and with all signatures of its nodes only', () => {
    const document = networkOf(2);
    const hash = documentHash(document, crypto);
    const bytes = versionStatement('net', 1, hash, ATTEMPT);
    const signed = { directory: document, attempt: ATTEMPT, changes: [] };
    const signatures = [by('n0', bytes), by('n1', bytes)];
    expect(verifiedAnchor({ ...signed, signatures }, hash, crypto)).toEqual(document);
    expect(() => verifiedAnchor({ ...signed, signatures }, 'other', crypto)).toThrow(
      refused('core/bad-directory'),
    );
    expect(() => verifiedAnchor({ ...signed, signatures: signatures.slice(1) }, hash, crypto)).toThrow(
      refused('core/directory-under-signed'),
    );
    const later = verifiedLink(document, linkOf(document, ['n0', 'n1']), crypto);
    expect(() =>
      verifiedAnchor({ ...signed, directory: later, signatures }, documentHash(later, crypto), crypto),
    ).toThrow(refused('core/bad-directory'));
  });
});

describe('proposals', () => {
  const approvedBy = (proposal: SignedProposal, nodes: readonly string[]): ApprovedChange => ({
    proposal,
    votes: nodes.map((member) => voteOf(proposal, member)),
  });

  test('a proposal has its effect once: with the same votes it cannot bring back who has left', () => {
    const document = networkOf(1);
    const joining = approvedBy(proposalOf(join()), ['n0']);
    const joined = verifiedLink(document, linkOf(document, ['n0'], [joining]), crypto);
    const leaving = { proposal: proposalOf({ kind: 'leave', member: 'new' }, 'new'), votes: [] };
    const left = verifiedLink(joined, linkOf(joined, ['n0', 'new'], [leaving]), crypto);
    expect(left.members.map(({ id }) => id)).toEqual(['hub', 'n0']);
    expect(() => verifiedLink(left, linkOf(left, ['n0'], [joining]), crypto)).toThrow(
      refused('core/bad-proposal'),
    );
  });

  test('votes of members that have left do not count, nor do their signatures', () => {
    const document = networkOf(4);
    const leaving = { proposal: proposalOf({ kind: 'leave', member: 'n3' }, 'n3'), votes: [] };
    const left = verifiedLink(document, linkOf(document, ['n0', 'n1', 'n2'], [leaving]), crypto);
    expect(left.threshold).toBe(2);
    const joining = approvedBy(proposalOf(join()), ['n0', 'n3']);
    expect(() => verifiedLink(left, linkOf(left, ['n0', 'n1'], [joining]), crypto)).toThrow(
      refused('core/bad-proposal'),
    );
    expect(() => verifiedLink(left, linkOf(left, ['n0', 'n3']), crypto)).toThrow(
      refused('core/directory-under-signed'),
    );
  });

  test('of several votes of one node the latest holds, in whatever order they come', () => {
    const document = networkOf(3);
    const proposal = proposalOf(join());
    const hash = proposalHash(proposal.proposal, crypto);
    const early = voteOf(proposal, 'n1', 'for', '2026-01-01T01:00:00.000Z');
    const late = voteOf(proposal, 'n1', 'against', '2026-01-01T02:00:00.000Z');
    for (const votes of [
      [early, late],
      [late, early],
    ]) {
      expect(votesOf(document, hash, votes, crypto)).toEqual({ for: new Set(), against: new Set(['n1']) });
    }
  });

  test.each<[string, SignedProposal]>([
    ['of another network', proposalOf(join(), 'n0', { network: 'other' })],
    ['by a stranger', proposalOf(join(), 'stranger')],
    ['signed by another member', { ...proposalOf(join()), signature: proposalOf(join(), 'n1').signature }],
    ['without proof of its key', { ...proposalOf(join()), proofs: [] }],
    [
      'with the proof of another change',
      {
        ...proposalOf(join()),
        proofs: proposalOf({
          ...join(),
          checks: [{ name: 'a', passed: true, detail: 'b' }],
        } as DirectoryChange).proofs,
      },
    ],
    ['expired', proposalOf(join(), 'n0', { expiresAt: '2026-01-01T11:00:00.000Z' })],
    ['valid for longer than 30 days', proposalOf(join(), 'n0', { expiresAt: '2026-03-01T00:00:00.000Z' })],
  ])('a proposal %s has no effect, whoever voted for it', (_, proposal) => {
    const document = networkOf(2);
    const link = linkOf(document, ['n0', 'n1'], [approvedBy(proposal, ['n0', 'n1'])]);
    expect(() => verifiedLink(document, link, crypto)).toThrow(refused('core/bad-proposal'));
  });

  test.each<[string, DirectoryChange]>([
    ['a member that is there already', join('n1')],
    [
      'a member with the address of another',
      { ...join(), member: { ...memberOf('new'), url: 'https://n1.example/' } } as DirectoryChange,
    ],
    [
      'an address without TLS',
      { ...join(), member: { ...memberOf('new'), url: 'http://new.example/' } } as DirectoryChange,
    ],
    [
      'a policy below the floor',
      {
        ...join(),
        member: { ...memberOf('new'), floors: { ...DISCLOSURE_FLOOR, countThreshold: 2 } },
      } as DirectoryChange,
    ],
    [
      'a member without a directory key',
      { ...join(), member: { ...memberOf('new'), keys: [] } } as DirectoryChange,
    ],
    [
      'a member without an impact assessment',
      { ...join(), member: { ...memberOf('new'), dpia: ' ' } } as DirectoryChange,
    ],
    ['the leave of a stranger', { kind: 'leave', member: 'stranger' }],
    ['a threshold of nobody', { kind: 'threshold', rule: 0 }],
  ])('%s is refused by everybody', (_, change) => {
    const document = networkOf(2);
    expect(() => nextDocument(document, LATER, [proposalOf(change)], crypto)).toThrow(
      refused('core/bad-directory'),
    );
  });

  test('the last node does not leave: a network of hubs could decide nothing', () => {
    const leaving = proposalOf({ kind: 'leave', member: 'n0' }, 'n0');
    expect(() => nextDocument(networkOf(1), LATER, [leaving], crypto)).toThrow(refused('core/bad-directory'));
  });

  test('a member rotates its own keys without anybody’s vote, and signs with the new one from then on', () => {
    const document = networkOf(1);
    const rotation = proposalOf({ kind: 'update', member: 'n0', keys: [keyOf('n0', 1)] });
    const next = verifiedLink(
      document,
      linkOf(document, ['n0'], [{ proposal: rotation, votes: [] }]),
      crypto,
    );
    expect(() => verifiedLink(next, linkOf(next, ['n0']), crypto)).toThrow(
      refused('core/directory-under-signed'),
    );
    const renewed = linkOf(next, []);
    const bytes = versionStatement(
      'net',
      3,
      documentHash(nextDocument(next, LATER, [], crypto), crypto),
      ATTEMPT,
    );
    expect(verifiedLink(next, { ...renewed, signatures: [by('n0', bytes, 1)] }, crypto).version).toBe(3);
  });

  const stricter = { ...DISCLOSURE_FLOOR, countThreshold: 20 };
  test.each<[string, boolean, DirectoryChange, string]>([
    ['its own leave', true, { kind: 'leave', member: 'n1' }, 'n1'],
    ['the leave of another', false, { kind: 'leave', member: 'n1' }, 'n0'],
    ['its own keys', true, { kind: 'update', member: 'n1', keys: [keyOf('n1', 1)] }, 'n1'],
    ['the keys of another', false, { kind: 'update', member: 'n1', keys: [keyOf('n1', 1)] }, 'n0'],
    [
      'its own address, where others’ requests go',
      false,
      { kind: 'update', member: 'n1', url: 'https://new.example/' },
      'n1',
    ],
    ['its own stricter policy', true, { kind: 'update', member: 'n1', floors: stricter }, 'n1'],
    ['its own name', false, { kind: 'update', member: 'n1', name: 'Other' }, 'n1'],
    ['a join', false, join(), 'n1'],
    ['the threshold', false, { kind: 'threshold', rule: 2 }, 'n1'],
  ])('%s: needs nobody else: %s', (_, own, change, proposedBy) => {
    expect(isOwnAffair(networkOf(3), proposalOf(change, proposedBy))).toBe(own);
  });

  test('a looser policy than before needs the others', () => {
    const members = [{ ...memberOf('n0'), floors: stricter }, memberOf('n1')];
    const document = foundingDocument('net', members, AT, crypto);
    const looser = proposalOf({ kind: 'update', member: 'n0', floors: DISCLOSURE_FLOOR });
    expect(isOwnAffair(document, looser)).toBe(false);
  });

  test('whoever knows the same changes composes the same version', () => {
    const document = networkOf(2);
    const changes = [proposalOf(join('a')), proposalOf({ kind: 'threshold', rule: 3 })];
    expect(nextDocument(document, LATER, changes, crypto)).toEqual(
      nextDocument(structuredClone(document), LATER, structuredClone(changes), crypto),
    );
  });
});
