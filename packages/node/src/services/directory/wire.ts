import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { NodeError } from '../../errors.ts';
import type { AttemptAnswer, AttemptRequest, ChainAnswer, JoinRequest, SignatureRequest } from './peer.ts';

const exact = { additionalProperties: false };
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Text = Type.String({ minLength: 1, maxLength: 2_000 });
const Hash = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const Ed25519Signature = Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' });
const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });
const Version = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Count = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });

const Key = Type.Object(
  {
    id: Hash,
    purpose: Type.Union(
      (['visa', 'request', 'ledger', 'witness', 'directory', 'identity'] as const).map((each) =>
        Type.Literal(each),
      ),
    ),
    algorithm: Type.Union([Type.Literal('ES256'), Type.Literal('Ed25519')]),
    publicKey: Type.Record(Type.String(), Type.String({ maxLength: 200 })),
  },
  exact,
);
const Keys = Type.Array(Key, { maxItems: 50 });
const Floors = Type.Object(
  {
    countThreshold: Count,
    roundTo: Count,
    frequencyMinorCount: Count,
    frequencyMinPeople: Count,
    publicGranularity: Type.Union([Type.Literal('boolean'), Type.Literal('count')]),
  },
  exact,
);
const member = {
  id: Name,
  name: Text,
  country: Type.String({ pattern: '^[A-Z]{2}$' }),
  role: Type.Union([Type.Literal('node'), Type.Literal('hub')]),
  url: Text,
  keys: Keys,
  floors: Floors,
  dpia: Text,
};
const Rule = Type.Union([Type.Literal('majority'), Count]);
const Check = Type.Object({ name: Name, passed: Type.Boolean(), detail: Text }, exact);
const Change = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('join'),
      member: Type.Object(member, exact),
      checks: Type.Array(Check, { maxItems: 50 }),
    },
    exact,
  ),
  Type.Object({ kind: Type.Literal('leave'), member: Name }, exact),
  Type.Object(
    {
      kind: Type.Literal('update'),
      member: Name,
      name: Type.Optional(Text),
      url: Type.Optional(Text),
      dpia: Type.Optional(Text),
      floors: Type.Optional(Floors),
      keys: Type.Optional(Keys),
    },
    exact,
  ),
  Type.Object({ kind: Type.Literal('threshold'), rule: Rule }, exact),
]);
const Signature = Type.Object({ member: Name, keyId: Hash, signature: Ed25519Signature }, exact);
const Signatures = Type.Array(Signature, { maxItems: 500 });
const Proofs = Type.Array(Type.Object({ keyId: Hash, signature: Ed25519Signature }, exact), { maxItems: 50 });
const SignedProposal = Type.Object(
  {
    proposal: Type.Object(
      { network: Name, change: Change, proposedBy: Name, proposedAt: Instant, expiresAt: Instant },
      exact,
    ),
    signature: Signature,
    proofs: Proofs,
  },
  exact,
);
const SignedVote = Type.Object(
  {
    vote: Type.Object(
      {
        network: Name,
        proposal: Hash,
        decision: Type.Union([Type.Literal('for'), Type.Literal('against')]),
        at: Instant,
      },
      exact,
    ),
    signature: Signature,
  },
  exact,
);
const Votes = Type.Array(SignedVote, { maxItems: 500 });
const Attempt = Type.Object(
  { number: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }), member: Name },
  exact,
);
const Changes = Type.Array(Type.Object({ proposal: SignedProposal, votes: Votes }, exact), { maxItems: 500 });
const Link = Type.Object(
  { version: Version, issuedAt: Instant, attempt: Attempt, changes: Changes, signatures: Signatures },
  exact,
);
const Document = Type.Object(
  {
    network: Name,
    version: Version,
    previous: Type.Union([Type.Null(), Hash]),
    issuedAt: Instant,
    expiresAt: Instant,
    rule: Rule,
    threshold: Count,
    members: Type.Array(Type.Object({ ...member, joinedAt: Instant }, exact), { maxItems: 1_000 }),
    applied: Type.Array(Type.Object({ proposal: Hash, until: Instant }, exact), { maxItems: 10_000 }),
  },
  exact,
);
const Directory = Type.Object(
  { directory: Document, attempt: Attempt, changes: Changes, signatures: Signatures },
  exact,
);
const SignedPromise = Type.Object(
  {
    promise: Type.Object(
      {
        network: Name,
        version: Version,
        attempt: Attempt,
        accepted: Type.Union([Type.Null(), Type.Object({ attempt: Attempt, hash: Hash }, exact)]),
      },
      exact,
    ),
    signature: Signature,
  },
  exact,
);

export const readLink = reader(Link);
export const readProposal = reader(SignedProposal);
export const readVote = reader(SignedVote);
export const readSignature = reader(Signature);
export const readChain: (value: unknown) => ChainAnswer = reader(
  Type.Object({
    network: Name,
    head: Type.Object({ version: Version, hash: Hash }),
    anchor: Type.Optional(Directory),
    links: Type.Array(Link, { maxItems: 1_000 }),
    at: Instant,
  }),
);
export const readProposals = reader(
  Type.Object({
    proposals: Type.Array(Type.Object({ proposal: SignedProposal, votes: Votes }), { maxItems: 1_000 }),
  }),
);
export const readAttempt: (value: unknown) => AttemptRequest = reader(
  Type.Object({ network: Name, previous: Hash, attempt: Attempt, signature: Signature }, exact),
);
export const readAttemptAnswer: (value: unknown) => AttemptAnswer = reader(
  Type.Union([
    Type.Object({
      kind: Type.Literal('promised'),
      promise: SignedPromise,
      link: Type.Optional(Link),
    }),
    Type.Object({ kind: Type.Literal('passed-over'), promised: Attempt }),
  ]),
);
export const readSignatureRequest: (value: unknown) => SignatureRequest = reader(
  Type.Object({ link: Link, promises: Type.Array(SignedPromise, { maxItems: 500 }) }, exact),
);
export const readJoin: (value: unknown) => JoinRequest = reader(
  Type.Object({ secret: Name, change: Change, proofs: Proofs }, exact),
);
export const readJoined = reader(Type.Object({ proposal: Hash }));
export const readToken = reader(
  Type.Object(
    {
      network: Name,
      anchor: Hash,
      addresses: Type.Array(Text, { minItems: 1, maxItems: 100 }),
      secret: Name,
      expiresAt: Instant,
    },
    exact,
  ),
);

/** Holds a value to its shape. Throws `node/bad-request` naming the place, never its content. */
function reader<Schema extends TSchema>(schema: Schema): (value: unknown) => Static<Schema> {
  const check = Compile(schema);
  return (value) => {
    if (check.Check(value)) return value as Static<Schema>;
    const first = check.Errors(value)[0];
    const place = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    throw new NodeError(
      'node/bad-request',
      `${place === '' ? 'the message' : place}: ${first?.message ?? 'not understood'}`,
    );
  };
}
