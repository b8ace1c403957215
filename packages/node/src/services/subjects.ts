import type { SourceLocation, SubjectRecord } from '@federome/core';
import type { LocatedSubject } from '@federome/formats';
import type { GenotypeQueries } from '@federome/genotypes';
import { NodeError, type NodeErrorCode } from '../errors.ts';
import type { RecordStore } from '../stores/records/records.ts';
import { TermResolver } from '../vocabulary.ts';

export interface SubjectServiceOptions {
  readonly records: RecordStore;
  readonly genotypes: (dataset: string) => Promise<
    GenotypeQueries & {
      /** Numbers people who have records and no genotypes. */
      addPeople(ids: readonly string[]): Promise<unknown>;
    }
  >;
  readonly now: () => Date;
  /** Derives the projections from what the transaction has written. */
  readonly rebuild: (dataset: string, transaction: RecordStore) => Promise<void>;
  /** Called when the records are there. */
  readonly loaded: (dataset: string) => Promise<void>;
}

/** How records are taken in. */
export interface LoadOptions {
  /** Path of a mapping file, for tables. */
  readonly mapping?: string | undefined;
  /**
   * What names the person of a phenopacket: its subject's id, or the packet's own, as in collections of published cases
   * that reuse `Patient 1`. Where omitted: the subject's id, unless it names several packets of the input and the dataset
   * holds no genomes that would tell.
   */
  readonly identifiedBy?: 'subject' | 'phenopacket' | undefined;
  /** Whether terms that a loaded ontology does not know are refused, as by default, or kept as they are. */
  readonly unknownTerms?: 'refuse' | 'accept' | undefined;
  readonly onProgress?:
    | ((progress: { readonly file: string; readonly subjects: number }) => void)
    | undefined;
}

/** What became of the records of one command. */
export interface LoadReport {
  readonly subjects: number;
  /** How many of them the dataset had no record of before. */
  readonly newSubjects: number;
  readonly identifiedBy: 'subject' | 'phenopacket';
}

/** The records of a dataset's people. */
export class SubjectService {
  readonly #options: SubjectServiceOptions;

  constructor(options: SubjectServiceOptions) {
    this.#options = options;
  }

  async get(dataset: string, id: string): Promise<SubjectRecord | undefined> {
    return await this.#options.records.subject(dataset, id);
  }

  /**
   * Reads people from files and replaces their records: all of them or, where anything is refused, none. A dataset
   * without genomes gets its people by this; where it has genomes, everyone must be among their samples. Holds the
   * records of one call in memory.
   *
   * Throws `node/unknown-dataset`, `node/unknown-term`, `node/duplicate-subject`, `node/subject-without-genome`, and what
   * the reader refuses, each with its place.
   */
  async load(dataset: string, files: readonly string[], options: LoadOptions = {}): Promise<LoadReport> {
    const { records, now, rebuild } = this.#options;
    const genotypes = await this.#options.genotypes(dataset);
    const hasGenomes = genotypes.genotyped().size > 0;
    const read = await this.#read(files, options);
    const identifiedBy = options.identifiedBy ?? (hasGenomes ? 'subject' : identifierOf(read));
    const subjects = identified(read, identifiedBy);
    if (hasGenomes) assertGenomes(subjects, genotypes, dataset);
    else await genotypes.addPeople(subjects.map(({ subject }) => subject.id));
    const before = await records.subjectCount(dataset);
    const report = await records.transaction(async (transaction) => {
      await transaction.putSubjects(
        dataset,
        subjects.map(({ subject }) => subject),
      );
      await rebuild(dataset, transaction);
      const newSubjects = (await transaction.subjectCount(dataset)) - before;
      const data = { dataset, subjects: subjects.length, newSubjects };
      await transaction.appendEvent('subjects-loaded', data, now().toISOString());
      return { subjects: subjects.length, newSubjects, identifiedBy };
    });
    await this.#options.loaded(dataset);
    return report;
  }

  async #read(files: readonly string[], options: LoadOptions): Promise<readonly LocatedSubject[]> {
    const resolver = await TermResolver.of(this.#options.records, options.unknownTerms);
    const { readSubjects } = await import('@federome/formats');
    const read: LocatedSubject[] = [];
    for (const file of files) {
      for await (const located of readSubjects(file, { mapping: options.mapping })) {
        read.push({ ...located, subject: resolver.resolve(located.subject, located.location) });
        if (read.length % 100 === 0) options.onProgress?.({ file, subjects: read.length });
      }
    }
    return read;
  }
}

/** The packet's id where packets with ids of their own share a subject's. */
function identifierOf(read: readonly LocatedSubject[]): 'subject' | 'phenopacket' {
  const packets = new Map<string, string>();
  for (const { subject, packetId } of read) {
    if (packetId === undefined) return 'subject';
    packets.set(packetId, subject.id);
  }
  const subjects = new Set(packets.values());
  return packets.size === read.length && subjects.size < read.length ? 'phenopacket' : 'subject';
}

function identified(
  read: readonly LocatedSubject[],
  by: 'subject' | 'phenopacket',
): readonly LocatedSubject[] {
  const seen = new Map<string, SourceLocation>();
  return read.map((located) => {
    const { location, packetId, subject } = located;
    const id = by === 'phenopacket' ? packetId : subject.id;
    if (id === undefined) {
      throw refusal(
        'node/duplicate-subject',
        'the phenopacket has no id of its own to be known by',
        location,
      );
    }
    const first = seen.get(id);
    if (first !== undefined) {
      throw refusal(
        'node/duplicate-subject',
        `'${id}' is described twice: first at ${place(first)}`,
        location,
      );
    }
    seen.set(id, location);
    return { ...located, subject: { ...subject, id } };
  });
}

function assertGenomes(
  subjects: readonly LocatedSubject[],
  genotypes: GenotypeQueries,
  dataset: string,
): void {
  for (const { subject, location } of subjects) {
    if (genotypes.personOf(subject.id) !== undefined) continue;
    throw refusal(
      'node/subject-without-genome',
      `'${subject.id}' is not among the samples of dataset '${dataset}'`,
      location,
    );
  }
}

function place({ file, line }: SourceLocation): string {
  return [file, line].filter((part) => part !== undefined).join(':');
}

/** The message may name a person: it is for the operator. */
function refusal(code: NodeErrorCode, message: string, location: SourceLocation): NodeError {
  return new NodeError(code, message, { location, publicMessage: 'the health records are refused' });
}
