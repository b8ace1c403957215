import type { Assembly, SubjectRecord } from '@federome/core';
import type { SqlDatabase } from '../../database/database.ts';
import type { Database } from '../../database/tables.ts';
import type {
  ConsentEvent,
  Dataset,
  GeneRow,
  MemberRow,
  Projections,
  RecordStore,
  TermRow,
} from '../records.ts';
import { check } from './check.ts';
import * as consents from './consents.ts';
import * as datasets from './datasets.ts';
import * as events from './events.ts';
import * as genes from './genes.ts';
import * as members from './members.ts';
import * as ontologies from './ontologies.ts';
import * as projections from './projections.ts';
import * as subjects from './subjects.ts';

/** The record store over SQL. */
export class SqlRecordStore implements RecordStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  get #read(): Database {
    return this.#database.read;
  }

  async transaction<T>(work: (store: RecordStore) => Promise<T>): Promise<T> {
    return await this.#database.transaction(async (database) => await work(new SqlRecordStore(database)));
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #atomically<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.#database.transaction(({ write }) => work(write));
  }

  addDataset(dataset: Dataset) {
    return this.#atomically((db) => datasets.addDataset(db, dataset));
  }
  datasets() {
    return datasets.datasets(this.#read);
  }
  dataset(id: string) {
    return datasets.dataset(this.#read, id);
  }
  revision(dataset: string) {
    return datasets.revision(this.#read, dataset);
  }

  putSubjects(dataset: string, records: readonly SubjectRecord[]) {
    return this.#atomically((db) => subjects.putSubjects(db, dataset, records));
  }
  subject(dataset: string, id: string) {
    return subjects.subject(this.#read, dataset, id);
  }
  subjects(dataset: string) {
    return subjects.subjects(this.#read, dataset);
  }
  subjectCount(dataset: string) {
    return subjects.subjectCount(this.#read, dataset);
  }
  sexes(dataset: string) {
    return subjects.sexes(this.#read, dataset);
  }

  putProjections(dataset: string, rows: Projections) {
    return this.#atomically((db) => projections.putProjections(db, dataset, rows));
  }
  projection(dataset: string, key: string) {
    return projections.projection(this.#read, dataset, key);
  }
  projectionKeys(dataset: string, prefix: string) {
    return projections.projectionKeys(this.#read, dataset, prefix);
  }
  measurements(dataset: string, assay: string) {
    return projections.measurements(this.#read, dataset, assay);
  }
  assays(dataset: string) {
    return projections.assays(this.#read, dataset);
  }
  ages(dataset: string) {
    return projections.ages(this.#read, dataset);
  }
  termsInUse(dataset: string) {
    return projections.termsInUse(this.#read, dataset);
  }

  appendConsents(dataset: string, decided: readonly ConsentEvent[]) {
    return this.#atomically((db) => consents.appendConsents(db, dataset, decided));
  }
  currentConsents(dataset: string) {
    return consents.currentConsents(this.#read, dataset);
  }
  consentHistory(dataset: string, subject: string) {
    return consents.consentHistory(this.#read, dataset, subject);
  }

  putTerms(ontology: { readonly id: string; readonly version: string }, terms: readonly TermRow[]) {
    return this.#atomically((db) => ontologies.putTerms(db, ontology, terms));
  }
  ontologies() {
    return ontologies.ontologies(this.#read);
  }
  term(id: string) {
    return ontologies.term(this.#read, id);
  }
  searchTerms(text: string, limit: number) {
    return ontologies.searchTerms(this.#read, text, limit);
  }
  labels(ids: readonly string[]) {
    return ontologies.labels(this.#read, ids);
  }
  descendants(id: string) {
    return ontologies.descendants(this.#read, id);
  }
  ancestors(id: string) {
    return ontologies.ancestors(this.#read, id);
  }
  parents() {
    return ontologies.parents(this.#read);
  }
  resolutions() {
    return ontologies.resolutions(this.#read);
  }
  prefixes() {
    return ontologies.prefixes(this.#read);
  }

  putGenes(rows: readonly GeneRow[]) {
    return this.#atomically((db) => genes.putGenes(db, rows));
  }
  gene(assembly: Assembly, symbolOrId: string) {
    return genes.gene(this.#read, assembly, symbolOrId);
  }
  searchGenes(prefix: string, limit: number) {
    return genes.searchGenes(this.#read, prefix, limit);
  }

  putMember(member: MemberRow) {
    return this.#atomically((db) => members.putMember(db, member));
  }
  removeMember(id: string) {
    return this.#atomically((db) => members.removeMember(db, id));
  }
  members() {
    return members.members(this.#read);
  }

  appendEvent(type: string, data: Readonly<Record<string, unknown>>, at: string) {
    return this.#atomically((db) => events.appendEvent(db, type, data, at));
  }
  events(afterSequence: number, limit: number) {
    return events.events(this.#read, afterSequence, limit);
  }

  check() {
    return check(this.#read, this.#database.flavour);
  }
}
