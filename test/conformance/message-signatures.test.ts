import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { httpbis } from 'http-message-signatures';
import { expect, test } from 'vitest';
import { contentDigest, isDigestOf } from '../../packages/node/src/services/exchange/content-digest.ts';
import {
  answerComponents,
  answerValues,
  requestComponents,
  requestValues,
} from '../../packages/node/src/services/exchange/coverage.ts';
import {
  readSignatures,
  type SignatureParameters,
  signatureBase,
  signatureHeaders,
  signatureInput,
} from '../../packages/node/src/services/exchange/signature-fields.ts';

/** RFC 9421, appendix B.1.4, as JWK. */
const TEST_KEY = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
  x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
};
const privateKey = createPrivateKey({ key: TEST_KEY, format: 'jwk' });
const publicKey = createPublicKey({ key: TEST_KEY, format: 'jwk' });
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

test('the signature base and the signature of RFC 9421, B.2.6 (Ed25519) come out as the appendix has them', () => {
  const [field] =
    readSignatures({
      signatureInput:
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
      signature:
        'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
    }) ?? [];
  const values: Readonly<Record<string, string>> = {
    '"date"': 'Tue, 20 Apr 2021 02:07:55 GMT',
    '"@method"': 'POST',
    '"@path"': '/foo',
    '"@authority"': 'example.com',
    '"content-type"': 'application/json',
    '"content-length"': '18',
  };
  const base = signatureBase(field!.components, field!.input, (name) => values[name]);
  expect(text(base)).toBe(
    [
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    ].join('\n'),
  );
  expect(verify(null, base!, publicKey, field!.signature)).toBe(true);
  // Ed25519 is deterministic: the appendix's signature is the one that we would make.
  expect(sign(null, base!, privateKey).equals(field!.signature)).toBe(true);
});

test('the digests of RFC 9421, B.2 and RFC 9530 hold, and their opposites do not', () => {
  const body = Buffer.from('{"hello": "world"}');
  const sha512 =
    'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:';
  expect(isDigestOf(sha512, body)).toBe(true);
  expect(contentDigest(body)).toBe('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:');
  expect(isDigestOf(`${contentDigest(body)}, ${sha512}`, body)).toBe(true);
  expect(isDigestOf(`${contentDigest(Buffer.from('{}'))}, ${sha512}`, body)).toBe(false);
  for (const field of ['', 'md5=:AAAA:', 'sha-256="X48"', 'sha-256=:AAAA:', 'sha-256', '(((']) {
    expect(isDigestOf(field, body)).toBe(false);
  }
});

const token = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const visible = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const messages = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  target: token.map((path) => `https://node.example/beacon/${path}?skip=0`),
  contentType: fc.option(visible, { nil: undefined }),
  passportDigest: fc.option(visible, { nil: undefined }),
  purpose: fc.option(visible, { nil: undefined }),
  body: fc.uint8Array({ maxLength: 60 }),
  nonce: visible,
  keyid: visible,
  created: fc.integer({ min: 1, max: 4_000_000_000 }),
});

type Message = typeof messages extends fc.Arbitrary<infer Value> ? Value : never;

function signed({
  method,
  target,
  contentType,
  passportDigest,
  purpose,
  body,
  nonce,
  keyid,
  created,
}: Message) {
  const request = {
    method,
    target,
    contentType,
    passportDigest,
    purpose,
    contentDigest: contentDigest(body),
  };
  const parameters: SignatureParameters = {
    created,
    expires: created + 60,
    nonce,
    keyid,
    alg: 'ed25519',
    tag: 'federome-request',
  };
  const components = requestComponents(request);
  const input = signatureInput(components, parameters);
  const base = signatureBase(components, input, requestValues(request));
  const headers = {
    'content-digest': request.contentDigest,
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(passportDigest !== undefined && { 'ga4gh-passport-digest': passportDigest }),
    ...(purpose !== undefined && { 'federome-purpose': purpose }),
  };
  return { request, components, input, base, headers, parameters };
}

test('another implementation of RFC 9421 makes the same signature base of a request, and of the answer bound to it', () => {
  fc.assert(
    fc.property(messages, fc.integer({ min: 200, max: 599 }), (message, status) => {
      const { request, components, input, base, headers } = signed(message);
      const theirs = httpbis.createSignatureBase(
        { fields: [...components] },
        { method: request.method, url: request.target, headers },
      );
      theirs.push(['"@signature-params"', [input]]);
      expect(text(base)).toBe(httpbis.formatSignatureBase(theirs));

      const signature = sign(null, base!, privateKey);
      const made = signatureHeaders(input, signature);
      const answer = { status, contentType: 'application/json', contentDigest: contentDigest(message.body) };
      const covered = answerComponents(answer, 'federome');
      const ours = signatureBase(covered, input, answerValues(answer, { label: 'federome', signature }));
      const answered = httpbis.createSignatureBase(
        { fields: [...covered] },
        { status, headers: { 'content-type': answer.contentType, 'content-digest': answer.contentDigest } },
        {
          method: request.method,
          url: request.target,
          headers: { ...headers, 'signature-input': made.signatureInput, signature: made.signature },
        },
      );
      answered.push(['"@signature-params"', [input]]);
      expect(text(ours)).toBe(httpbis.formatSignatureBase(answered));
    }),
    { numRuns: 200 },
  );
});

test('what we sign, another implementation verifies', async () => {
  const created = Math.floor(Date.now() / 1_000);
  const { request, input, base, headers } = signed({
    method: 'POST',
    target: 'https://node.example/individuals',
    contentType: 'application/json',
    passportDigest: undefined,
    purpose: 'research',
    body: Buffer.from('{}'),
    nonce: 'n',
    keyid: 'k',
    created,
  });
  const made = signatureHeaders(input, sign(null, base!, privateKey));
  const message = (method: string) => ({
    method,
    url: request.target,
    headers: { ...headers, 'signature-input': made.signatureInput, signature: made.signature },
  });
  const config = {
    keyLookup: async () => ({
      id: 'k',
      algs: ['ed25519'],
      verify: async (data: Buffer, signature: Buffer) => verify(null, data, publicKey, signature),
    }),
  };
  expect(await httpbis.verifyMessage(config, message('POST'))).toBe(true);
  expect(await httpbis.verifyMessage(config, message('PUT'))).toBe(false);
});

test('header fields come back as they were written', () => {
  fc.assert(
    fc.property(messages, fc.uint8Array({ minLength: 64, maxLength: 64 }), (message, bytes) => {
      const { components, input, parameters } = signed(message);
      const [field, second] = readSignatures(signatureHeaders(input, bytes)) ?? [];
      expect(second).toBeUndefined();
      expect(field).toMatchObject({ label: 'federome', components, input });
      expect(Object.fromEntries(field!.parameters)).toEqual(parameters);
      expect(Buffer.from(field!.signature).equals(bytes)).toBe(true);
    }),
  );
});

test('a value that could pass for another component is not signed', () => {
  const values = (name: string) => (name === '"a"' ? 'x\n"b": y' : 'ü');
  expect(signatureBase(['"a"'], '()', values)).toBeUndefined();
  expect(signatureBase(['"b"'], '()', values)).toBeUndefined();
  expect(signatureBase(['"c"', '"c"'], '()', () => '1')).toBeUndefined();
  expect(signatureBase(['"c"'], '()', () => undefined)).toBeUndefined();
});

test('whatever comes as header fields, it is read or it is not: nothing breaks', () => {
  const pieces = fc.constantFrom(
    'a=',
    '("@method")',
    ';created=1',
    ':AAAA:',
    ', ',
    '"x"',
    '(',
    ')',
    ';',
    '=',
    '?1',
    '%"',
  );
  const field = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(field, field, (input, signature) => {
      for (const { components, input: canonical } of readSignatures({ signatureInput: input, signature }) ??
        []) {
        signatureBase(components, canonical, () => 'x');
      }
      isDigestOf(input, Buffer.from(signature));
    }),
    { numRuns: 2_000 },
  );
});
