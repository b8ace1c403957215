import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { GenotypeError } from '../errors.ts';

/** Bytes that sealing adds to a section: the tag of AES-GCM. */
export const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const NOTHING = new Uint8Array(0);

/**
 * Seals and opens the sections of one file by AES-256-GCM. The key is the file's own (`StoreSeal` derives it from the
 * store, the file's name and a salt that is drawn anew for every file that is written), and the nonce is the section's
 * place in the file. So a section opens only where it was sealed: not in another place, file or store.
 */
export class FileSeal {
  /** To be kept in the file: with the name it leads to the key. */
  readonly salt: Uint8Array;
  readonly #key: KeyObject;
  readonly #file: string;
  #lastPlace = -1;

  constructor(key: KeyObject, salt: Uint8Array, file: string) {
    this.#key = key;
    this.salt = salt;
    this.#file = file;
  }

  /**
   * The sealed section: as many bytes as `raw` and then the tag. `place` is any number that only this section of the
   * file has; places must ascend, because a nonce that is used twice would give both sections away. `context` is
   * authenticated and not stored.
   */
  seal(place: number, raw: Uint8Array, context: Uint8Array = NOTHING): Uint8Array {
    if (!Number.isSafeInteger(place) || place <= this.#lastPlace) {
      throw new RangeError(`section ${place} of ${this.#file} comes after section ${this.#lastPlace}`);
    }
    this.#lastPlace = place;
    const cipher = createCipheriv(CIPHER, this.#key, nonceOf(place), { authTagLength: TAG_BYTES });
    if (context.length > 0) cipher.setAAD(context);
    const sealed = new Uint8Array(raw.length + TAG_BYTES);
    sealed.set(cipher.update(raw), 0);
    cipher.final();
    sealed.set(cipher.getAuthTag(), raw.length);
    return sealed;
  }

  /** Inverse of `seal`; `genotypes/corrupt` where the bytes are not those that were sealed in that place. */
  open(place: number, sealed: Uint8Array, context: Uint8Array = NOTHING): Uint8Array {
    const length = sealed.length - TAG_BYTES;
    if (length < 0) throw this.#broken();
    try {
      const decipher = createDecipheriv(CIPHER, this.#key, nonceOf(place), { authTagLength: TAG_BYTES });
      if (context.length > 0) decipher.setAAD(context);
      decipher.setAuthTag(sealed.subarray(length));
      const raw = decipher.update(sealed.subarray(0, length));
      decipher.final();
      return raw;
    } catch (cause) {
      throw this.#broken(cause);
    }
  }

  #broken(cause?: unknown): GenotypeError {
    return new GenotypeError(
      'genotypes/corrupt',
      'the seal does not hold: the bytes were changed, cut or moved after they were sealed, or sealed by another key',
      { location: { file: this.#file }, publicMessage: 'stored genotypes are damaged', cause },
    );
  }
}

function nonceOf(place: number): Uint8Array {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUIntBE(place, NONCE_BYTES - 6, 6);
  return nonce;
}
