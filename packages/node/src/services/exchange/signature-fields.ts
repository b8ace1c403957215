import {
  isInnerList,
  type Parameters,
  parseDictionary,
  parseItem,
  serializeDictionary,
  serializeInnerList,
  serializeItem,
} from 'structured-headers';

/** Parameters of a signature (RFC 9421, section 2.3); Federome's signatures have all of them. */
export interface SignatureParameters {
  /** Seconds since 1970, as `expires`. */
  readonly created: number;
  readonly expires: number;
  readonly nonce: string;
  readonly keyid: string;
  readonly alg: string;
  readonly tag: string;
}

/** One signature of a message: a member of `Signature-Input` with its namesake of `Signature`. */
export interface SignatureField {
  readonly label: string;
  /** Identifiers of the covered components in their order, such as `"@method"` or `"signature";req;key="a"`. */
  readonly components: readonly string[];
  /** As they came, whatever they are. */
  readonly parameters: ReadonlyMap<string, unknown>;
  /** What stands in the last line of the signature base. */
  readonly input: string;
  readonly signature: Uint8Array;
}

/** The values of the two header fields. */
export interface SignatureHeaders {
  readonly signatureInput: string;
  readonly signature: string;
}

/** The label of every signature that Federome makes. */
export const LABEL = 'federome';

/**
 * Reads the signatures of a message (RFC 9421, section 4): `undefined` where the fields are no dictionaries, or one of
 * them has a member that the other has not.
 */
export function readSignatures(headers: SignatureHeaders): readonly SignatureField[] | undefined {
  try {
    const inputs = parseDictionary(headers.signatureInput);
    const signatures = parseDictionary(headers.signature);
    if (inputs.size !== signatures.size) return undefined;
    return [...inputs].map(([label, input]) => {
      const [bytes, of] = signatures.get(label) ?? [];
      if (!isInnerList(input) || !(bytes instanceof ArrayBuffer) || of?.size !== 0)
        throw new TypeError(label);
      return {
        label,
        components: input[0].map((item) => serializeItem(item)),
        parameters: input[1],
        input: serializeInnerList(input),
        signature: new Uint8Array(bytes),
      };
    });
  } catch {
    return undefined;
  }
}

/** Components and parameters as `@signature-params` has them. */
export function signatureInput(components: readonly string[], parameters: SignatureParameters): string {
  const { created, expires, nonce, keyid, alg, tag } = parameters;
  const list: Parameters = new Map(Object.entries({ created, expires, nonce, keyid, alg, tag }));
  return serializeInnerList([components.map((component) => parseItem(component)), list]);
}

/** The two header fields of a message with one signature. */
export function signatureHeaders(input: string, signature: Uint8Array): SignatureHeaders {
  return {
    signatureInput: `${LABEL}=${input}`,
    signature: serializeDictionary({ [LABEL]: [signature.slice().buffer, new Map()] }),
  };
}

/**
 * The text that is signed (RFC 9421, section 2.5). `undefined` where a component has no value, comes twice, or has one
 * that no header field could have: then nothing can be signed or verified.
 */
export function signatureBase(
  components: readonly string[],
  input: string,
  valueFor: (component: string) => string | undefined,
): Uint8Array | undefined {
  if (new Set(components).size < components.length) return undefined;
  let base = '';
  for (const component of components) {
    const value = valueFor(component);
    // A line break in a value could pass for the next component.
    if (value === undefined || !/^[\x20-\x7e]*$/.test(value)) return undefined;
    base += `${component}: ${value.trim()}\n`;
  }
  return new TextEncoder().encode(`${base}"@signature-params": ${input}`);
}
