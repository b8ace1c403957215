import { TlogError } from '../errors.ts';
import { EMPTY_ROOT, sameHash } from '../merkle/hash.ts';
import { verifyConsistency } from '../merkle/proof.ts';
import { parseCheckpoint } from '../notes/checkpoint.ts';
import type { NoteKey } from '../notes/key.ts';
import { formatSignature, parseNote, verifyNote } from '../notes/note.ts';
import { type Signers, signText } from '../notes/signer.ts';
import { parseAddCheckpoint } from './request.ts';

/** The head of a log that a witness cosigned last. */
export interface WitnessedHead {
  readonly size: number;
  /** The signed note that was cosigned: the evidence if the log ever contradicts it. */
  readonly checkpoint: string;
}

/** Where a witness remembers, durably, what it cosigned. */
export interface WitnessStore {
  read(origin: string): Promise<WitnessedHead | undefined>;
  /**
   * Replaces the head of a log if it still is `expected` (same size; undefined where there was none), in one atomic
   * step, durable when this resolves to true. Resolves to false, changing nothing, where it is another by now.
   */
  replace(origin: string, expected: WitnessedHead | undefined, next: WitnessedHead): Promise<boolean>;
}

/** An answer to `add-checkpoint`, for HTTP. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: string;
  readonly body: string;
}

/** Two heads that one log signed and that cannot both be true, or were not shown to be. */
export interface Misbehaviour {
  /**
   * `fork`: two roots for one size, which proves it. `no-proof`: what was signed later was not shown to continue what was
   * signed before; a log that does so again and again hides something.
   */
  readonly kind: 'fork' | 'no-proof';
  readonly origin: string;
  /** Signed notes. */
  readonly cosigned: string;
  readonly submitted: string;
}

export interface WitnessOptions {
  /** The keys of the logs that are witnessed, by origin; undefined for an unknown log. */
  readonly logKeys: (origin: string) => readonly NoteKey[] | undefined;
  /** The witness's own keys, of type `cosignature`. */
  readonly signers: Signers;
  readonly store: WitnessStore;
  /** Seconds since 1970. */
  readonly now?: () => number;
  /** Told of heads that contradict each other, with the log's own signatures under both. */
  readonly onMisbehaviour?: (evidence: Misbehaviour) => Promise<void> | void;
}

const TEXT = 'text/plain; charset=utf-8';
/** Content type of the answer 409 that tells the size which the witness has. */
export const SIZE_CONTENT_TYPE = 'text/x.tlog.size';

/** Cosigns heads of logs that only ever grow (C2SP tlog-witness). */
export class Witness {
  readonly #options: WitnessOptions;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** Answers the body of a request `add-checkpoint`. Throws only where the store or the signer fails. */
  async addCheckpoint(body: string): Promise<WitnessAnswer> {
    try {
      return await this.#checked(body);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  async #checked(body: string): Promise<WitnessAnswer> {
    const request = readRequest(body);
    this.#requireSignature(request);
    if (request.oldSize > request.head.size)
      throw new Refusal(400, 'the old size is beyond that of the checkpoint');
    const known = await this.#options.store.read(request.head.origin);
    requireOldSize(request, known);
    await this.#requireSameRoot(request, known);
    await this.#requireConsistency(request, known);
    // The time first: that no larger tree was known then stays true, whatever comes between.
    const time = this.#options.now?.();
    await this.#remember(request, known);
    return this.#cosign(request.note.text, time);
  }

  #requireSignature({ head, note }: Request): void {
    const keys = this.#options.logKeys(head.origin);
    if (keys === undefined) throw new Refusal(404, 'the log is not witnessed here');
    try {
      verifyNote(note, keys);
    } catch (error) {
      throw new Refusal(403, messageOf(error));
    }
  }

  async #requireSameRoot(request: Request, known: WitnessedHead | undefined): Promise<void> {
    if (known === undefined || known.size !== request.head.size) return;
    if (sameHash(rootOf(known), request.head.root)) return;
    await this.#report('fork', request, known);
    throw sizeConflict(known.size);
  }

  async #requireConsistency(request: Request, known: WitnessedHead | undefined): Promise<void> {
    const oldRoot = known === undefined ? EMPTY_ROOT : rootOf(known);
    const { oldSize, head, proof } = request;
    try {
      verifyConsistency(proof, { oldSize, oldRoot, size: head.size, root: head.root });
    } catch (error) {
      if (known !== undefined) await this.#report('no-proof', request, known);
      throw new Refusal(422, messageOf(error));
    }
  }

  /** Before anything is signed: two requests at once, or a crash, never make two cosigned histories. */
  async #remember({ head, checkpoint }: Request, known: WitnessedHead | undefined): Promise<void> {
    const next = { size: head.size, checkpoint };
    if (await this.#options.store.replace(head.origin, known, next)) return;
    throw sizeConflict((await this.#options.store.read(head.origin))?.size ?? 0);
  }

  async #cosign(text: string, time: number | undefined): Promise<WitnessAnswer> {
    const { signers } = this.#options;
    const all = typeof signers === 'function' ? signers() : signers;
    const lines = await Promise.all(
      all.map(async (signer) => formatSignature(await signText(text, signer, time))),
    );
    return { status: 200, contentType: TEXT, body: lines.join('') };
  }

  async #report(kind: Misbehaviour['kind'], request: Request, known: WitnessedHead): Promise<void> {
    const { origin } = request.head;
    await this.#options.onMisbehaviour?.({
      kind,
      origin,
      cosigned: known.checkpoint,
      submitted: request.checkpoint,
    });
  }
}

type Request = ReturnType<typeof parseAddCheckpoint>;

class Refusal extends Error {
  readonly answer: WitnessAnswer;

  constructor(status: WitnessAnswer['status'], message: string, contentType = TEXT) {
    super(message);
    this.answer = { status, contentType, body: `${message}\n` };
  }
}

function readRequest(body: string): Request {
  try {
    return parseAddCheckpoint(body);
  } catch (error) {
    throw new Refusal(400, messageOf(error));
  }
}

function requireOldSize({ oldSize }: Request, known: WitnessedHead | undefined): void {
  const size = known?.size ?? 0;
  if (oldSize !== size) throw sizeConflict(size);
}

const sizeConflict = (size: number) => new Refusal(409, String(size), SIZE_CONTENT_TYPE);
const rootOf = ({ checkpoint }: WitnessedHead) => parseCheckpoint(parseNote(checkpoint).text).root;

function messageOf(error: unknown): string {
  if (error instanceof TlogError) return error.message;
  throw error;
}
