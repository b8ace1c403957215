import type { Assembly, ConsentModel, ConsentScope, PeopleSet, Sex, SubjectRecord } from '@federome/core';

/** A dataset’s fixed choices and description. */
export interface Dataset {
  readonly id: string;
  readonly title: string;
  readonly assembly: Assembly;
  readonly absent: 'reference' | 'missing';
  /** What silence of a person means for every scope. */
  readonly consentModel: ConsentModel;
  /** DUO codes, e.g. `DUO:0000042`. */
  readonly duo: readonly string[];
  /** ISO 8601 instant. */
  readonly createdAt: string;
  /** Descriptive metadata as given at `dataset add --metadata`. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A class of a loaded ontology. */
export interface TermRow {
  readonly id: string;
  readonly label: string;
  /** Identifiers that resolve to this term (`alt_id`, obsolete terms that name it as their replacement). */
  readonly alternateIds: readonly string[];
  /** Direct parents (is_a). */
  readonly parents: readonly string[];
  readonly obsolete: boolean;
  readonly synonyms: readonly string[];
}

/** A measured value of a person in the canonical unit of its assay; the projection behind range questions. */
export interface MeasurementRow {
  readonly person: number;
  readonly assay: string;
  readonly value: number;
  /** Canonical unit, e.g. `UCUM:cm`; values of an assay in units of different dimensions are not comparable. */
  readonly unit: string;
}

/** What a projection keeps of a person for questions of age; days since 1970-01-01, or days of age. */
export interface AgeRow {
  readonly person: number;
  readonly birthDay: number | undefined;
  readonly ageDays: number | undefined;
}

/** The key of a stored bitmap: e.g. `term:HP:0001250`, `terms-below:HP:0001250`, `sex:female`, `population:FIN`. */
export type ProjectionKey = string;

/** What is derived from the records of a dataset's people, all at once. */
export interface Projections {
  readonly sets: Iterable<readonly [ProjectionKey, PeopleSet]>;
  readonly measurements: Iterable<MeasurementRow>;
  readonly ages: Iterable<AgeRow>;
  readonly terms: Iterable<TermInUse>;
}

/** A term that people of a dataset have, or that lies above one that they have. */
export interface TermInUse {
  readonly id: string;
  /** The id itself where no label is known. */
  readonly label: string;
  /** How many people have it or a more specific one; exact, for use inside the node. */
  readonly people: number;
}

export interface Ontology {
  /** As the file names itself: `hp`, `ordo`. */
  readonly id: string;
  readonly version: string;
  readonly terms: number;
}

/** A decision as it was recorded; ISO 8601 instant. */
export interface ConsentEvent {
  readonly subject: string;
  readonly scope: ConsentScope;
  readonly decision: 'permit' | 'deny';
  readonly decidedAt: string;
}

/** A member of a hub’s directory. */
export interface MemberRow {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly addedAt: string;
}

/** Where a gene lies on one assembly. */
export interface GeneRow {
  readonly symbol: string;
  /** Ensembl gene id without version, where known. */
  readonly ensemblId: string | undefined;
  readonly assembly: Assembly;
  readonly contig: string;
  /** 0-based, half-open. */
  readonly start: number;
  readonly end: number;
}

/** An append-only fact of what happened at this node: ingests, consents, members. Never holds personal data. */
export interface EventRow {
  readonly sequence: number;
  readonly at: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Records, events and projections of a node. Two implementations (SQLite embedded, PostgreSQL in production) pass one
 * contract suite. Everything that `transaction` does is visible at once or not at all; outside of it every call is its
 * own transaction, durable when it returns. Inside a transaction only the store that it was given is to be used.
 */
export interface RecordStore {
  transaction<T>(work: (store: RecordStore) => Promise<T>): Promise<T>;
  close(): Promise<void>;

  addDataset(dataset: Dataset): Promise<void>;
  datasets(): Promise<readonly Dataset[]>;
  dataset(id: string): Promise<Dataset | undefined>;
  /** Grows with every change of a dataset's subjects, consents or projections, by any process: the key of caches. */
  revision(dataset: string): Promise<number>;

  /** Replaces whole records by id. */
  putSubjects(dataset: string, subjects: readonly SubjectRecord[]): Promise<void>;
  subject(dataset: string, id: string): Promise<SubjectRecord | undefined>;
  subjects(dataset: string): AsyncIterable<SubjectRecord>;
  subjectCount(dataset: string): Promise<number>;
  sexes(dataset: string): Promise<ReadonlyMap<string, Sex>>;

  /** Replaces all projections of a dataset. */
  putProjections(dataset: string, projections: Projections): Promise<void>;
  projection(dataset: string, key: ProjectionKey): Promise<PeopleSet | undefined>;
  projectionKeys(dataset: string, prefix: string): Promise<readonly ProjectionKey[]>;
  measurements(dataset: string, assay: string): Promise<readonly MeasurementRow[]>;
  assays(dataset: string): Promise<readonly string[]>;
  ages(dataset: string): Promise<readonly AgeRow[]>;
  /** By id. */
  termsInUse(dataset: string): Promise<readonly TermInUse[]>;

  appendConsents(dataset: string, events: readonly ConsentEvent[]): Promise<void>;
  /** The latest decision of every subject and scope. */
  currentConsents(dataset: string): Promise<readonly ConsentEvent[]>;
  consentHistory(dataset: string, subject: string): Promise<readonly ConsentEvent[]>;

  /** Adds or replaces terms by id. */
  putTerms(
    ontology: { readonly id: string; readonly version: string },
    terms: readonly TermRow[],
  ): Promise<void>;
  ontologies(): Promise<readonly Ontology[]>;
  /** By id or alternate id. */
  term(id: string): Promise<TermRow | undefined>;
  /** Current terms whose label or synonym contains the text, or whose id begins with it; the best matches first. */
  searchTerms(text: string, limit: number): Promise<readonly TermRow[]>;
  /** Labels of those of the ids that are known. */
  labels(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The term and everything below it, by is_a. */
  descendants(id: string): Promise<readonly string[]>;
  /** The term and everything above it. */
  ancestors(id: string): Promise<readonly string[]>;
  /** The direct parents of every term that has any. */
  parents(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Every identifier that is known, primary or alternate, and the primary one that it resolves to. */
  resolutions(): Promise<ReadonlyMap<string, string>>;
  /** The prefix that most terms of each loaded ontology have: the vocabularies whose every term should be known. */
  prefixes(): Promise<ReadonlySet<string>>;

  putGenes(genes: readonly GeneRow[]): Promise<void>;
  /** By symbol (case-insensitive) or Ensembl id. */
  gene(assembly: Assembly, symbolOrId: string): Promise<GeneRow | undefined>;
  searchGenes(prefix: string, limit: number): Promise<readonly GeneRow[]>;

  putMember(member: MemberRow): Promise<void>;
  removeMember(id: string): Promise<void>;
  members(): Promise<readonly MemberRow[]>;

  appendEvent(type: string, data: Readonly<Record<string, unknown>>, at: string): Promise<void>;
  events(afterSequence: number, limit: number): Promise<readonly EventRow[]>;

  /** What is damaged, in words; empty where nothing is. Reads everything that the database can check by itself. */
  check(): Promise<readonly string[]>;
}
