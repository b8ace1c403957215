import { relative } from 'node:path';
import {
  type AuditOperation,
  type CohortExpression,
  type ConsentScope,
  type DiscoveryAnswers,
  datasetUrl,
  everyone,
  sizeClass,
} from '@federome/core';
import { type DataKeys, GenotypeStore } from '@federome/genotypes';
import { Background } from './background.ts';
import { type ComposedAudit, composeAudit } from './composition/audit.ts';
import { openDatabase } from './composition/database.ts';
import { composeDirectory, type Directory } from './composition/directory.ts';
import { composeExchange, type Exchange } from './composition/exchange.ts';
import type { Foundation } from './composition/foundation.ts';
import { composeIdentity, type Identity } from './composition/identity.ts';
import { createKeys, openKeys } from './composition/keys.ts';
import { type ComposedLedger, composeLedger } from './composition/ledger.ts';
import { composeNetwork } from './composition/network.ts';
import { composeVisas, type Visas } from './composition/visas.ts';
import { NodeError } from './errors.ts';
import {
  createHome,
  deletionsPath,
  genotypesPath,
  type Home,
  type InitOptions,
  keysPath,
  type NodeConfig,
  readHome,
  removeHome,
} from './home.ts';
import { CohortService } from './services/cohorts.ts';
import { ConsentService } from './services/consents.ts';
import { CountService } from './services/counts.ts';
import { DatasetService, type GenotypeStores } from './services/datasets.ts';
import { DeletionService } from './services/deletions.ts';
import { ExportService } from './services/exports.ts';
import { FrequencyService } from './services/frequencies.ts';
import { GeneService } from './services/genes.ts';
import { GroupService } from './services/groups.ts';
import type { NetworkService } from './services/network/network-service.ts';
import { OntologyService } from './services/ontologies.ts';
import { ProjectionService } from './services/projections.ts';
import { StoredCountService } from './services/stored-counts.ts';
import { SubjectService } from './services/subjects.ts';
import type { SqlDatabase } from './stores/database/database.ts';
import { DeletionRecords } from './stores/deletions/deletion-records.ts';
import { dataKeys } from './stores/keys/data-keys.ts';
import type { KeyBackend } from './stores/keys/file-keys.ts';
import { removeKeyFiles } from './stores/keys/key-files.ts';
import type { RecordStore } from './stores/records/records.ts';
import { SqlRecordStore } from './stores/records/sql/store.ts';

/** A node or hub with its stores open. */
export interface FederomeNode {
  readonly home: Home;
  readonly config: NodeConfig;
  readonly records: RecordStore;
  /** Data keys and signing keys; none can be had out of it. */
  readonly keys: KeyBackend;
  readonly deletions: DeletionService;
  readonly datasets: DatasetService;
  readonly subjects: SubjectService;
  readonly consents: ConsentService;
  readonly ontologies: OntologyService;
  readonly projections: ProjectionService;
  readonly cohorts: CohortService;
  readonly groups: GroupService;
  readonly frequencies: FrequencyService;
  readonly counts: CountService;
  readonly exports: ExportService;
  readonly genes: GeneService;
  /** Whatever a Beacon answers: from the node's own datasets or, of a hub, from its members. */
  readonly answers: DiscoveryAnswers;
  /** Only of a hub. */
  readonly network: NetworkService | undefined;
  /** Asks the members of the network; a node does by itself what the hub does for everybody. */
  readonly peers: () => Promise<NetworkService>;
  /** Signed requests to and from other members, and the receipts of both. */
  readonly exchange: () => Promise<Exchange>;
  /** Who is in the network, and how that comes to be different. */
  readonly directory: Directory;
  /** What happened, provable, and witnessed by other members. */
  readonly ledger: ComposedLedger;
  /** Who asked for what kind of thing, and what of it was unusual. */
  readonly audit: ComposedAudit;
  /** People, their roles, sessions and logins. */
  readonly identity: Identity;
  /** Passports and visas. */
  readonly visas: Visas;
  /** Runs while the node is served. */
  readonly background: Background;
  close(): Promise<void>;
}

/** How a node is opened; all have defaults. */
export interface OpenOptions {
  /** The clock; the machine's by default. */
  readonly now?: (() => Date) | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Of a hub: how long a question to its members may take. */
  readonly deadlineMs?: number | undefined;
}

/** Makes the home of a node, its records and its key store. Throws `node/home-exists`, `node/bad-config`, `node/key-store`, `node/store`. */
export async function initNode(directory: string, options: InitOptions): Promise<Home> {
  const home = await createHome(directory, options);
  const keys = keysPath(home, process.env);
  let keysAreNew = false;
  try {
    keysAreNew = await createKeys(home, process.env, options);
    const database = await openDatabase(home, process.env);
    try {
      await assertUnused(new SqlRecordStore(database), home);
    } finally {
      await database.close();
    }
  } catch (cause) {
    if (keysAreNew) await removeKeyFiles(keys);
    await removeHome(home);
    throw cause;
  }
  return home;
}

/** A database can be somebody's already, whose records two homes would write at once. */
async function assertUnused(records: RecordStore, { config }: Home): Promise<void> {
  if (config.records.kind === 'sqlite') return;
  const [events, members] = [await records.events(0, 1), await records.members()];
  if (events.length + members.length > 0) {
    const variable = config.records.urlVariable;
    throw new NodeError(
      'node/home-exists',
      `the database of ${variable} holds the records of a node already: a new home needs one of its own`,
    );
  }
}

/** Opens the node that lives in a directory, and completes a deletion that was cut off. Throws `node/no-home`, `node/bad-config`, `node/store`. */
export async function openNode(directory: string, options: OpenOptions = {}): Promise<FederomeNode> {
  const home = await readHome(directory);
  const database = await openDatabase(home, options.environment ?? process.env);
  const node = await compose(home, database, options);
  try {
    await node.deletions.resume();
    return node;
  } catch (cause) {
    await node.close();
    throw cause;
  }
}

async function compose(home: Home, database: SqlDatabase, options: OpenOptions): Promise<FederomeNode> {
  const records = new SqlRecordStore(database);
  const { config } = home;
  const environment = options.environment ?? process.env;
  const now = options.now ?? (() => new Date());
  const keys = await openKeys(home, environment, now);
  const signing = keys;
  const background = new Background();
  const foundation: Foundation = { home, config, environment, now, database, records, keys, background };
  const storeKeys = dataKeys(keys, now);
  const composedLedger = composeLedger(foundation, {
    signing,
    members: {
      current: () => directory.members.current(),
      member: (id) => directory.members.member(id),
    },
  });
  const { ledger } = composedLedger;
  const pin: ComposedLedger['pin'] = async (dataset, change, deletion) => {
    await composedLedger.pin(dataset, change, deletion);
    const operation = STORE_OPERATIONS[change];
    if (operation === undefined) return;
    const who = { kind: 'operator' } as const;
    await audit.service.record({ operation, who, datasets: [dataset], decision: 'answered' });
  };
  const datasets: DatasetService = new DatasetService({
    role: config.role,
    records,
    stores: genotypeStores(home, storeKeys),
    now,
    rebuild: async (id) => {
      await projections.rebuild(id);
      await storedCounts.update(id);
    },
    changed: pin,
  });
  const genotypes = (id: string) => datasets.genotypes(id);
  const projections: ProjectionService = new ProjectionService({ records, genotypes });
  const subjects = new SubjectService({
    records,
    genotypes,
    now,
    rebuild: (id, transaction) => projections.rebuild(id, transaction),
    loaded: async (id) => {
      await storedCounts.update(id);
      await pin(id, 'people-added');
    },
  });
  const ontologies = new OntologyService({
    records,
    now,
    rebuild: async (transaction) => {
      for (const { id } of await transaction.datasets()) await projections.rebuild(id, transaction);
    },
  });
  const consents = new ConsentService({ records, genotypes, dataset: (id) => datasets.get(id), now });
  const deletions = new DeletionService({
    home: home.directory,
    directoryOf: (id) => relative(home.directory, genotypesPath(home, id)),
    deletions: new DeletionRecords(deletionsPath(home)),
    records,
    keys,
    dataset: (id) => datasets.get(id),
    empty: ({ assembly, absent }) => ({ assembly, absent, keys: storeKeys }),
    genotypes,
    rebuild: (id) => projections.rebuild(id),
    deleted: (id, recordHash) => pin(id, 'deleted', recordHash),
    now,
  });
  const ensureCurrent = (id: string) => projections.ensureCurrent(id);
  const consented = (id: string, scope: ConsentScope) => consents.consented(id, scope);
  const cohorts = new CohortService({ records, genotypes, consented, ensureCurrent });
  const evaluate = (id: string, expression: CohortExpression) => cohorts.evaluate(id, expression, now());
  const groups = new GroupService({ records, evaluate, ensureCurrent });
  const groupsBy = (id: string, by: readonly string[]) => groups.groups(id, by);
  const storedCounts: StoredCountService = new StoredCountService({ genotypes, groups: groupsBy });
  const genes = new GeneService({ records, now });
  const ports = {
    identity: config,
    policy: config.disclosure,
    now,
    datasetUrl: (id: string) => datasetUrl(config.id, id),
    datasets,
    consents,
    cohorts,
    ontologies,
    genes,
    records,
  };
  const audit: ComposedAudit = composeAudit(foundation, { ledger });
  const directory: Directory = composeDirectory(foundation, {
    keys: signing,
    ledger: audit.service.ledger,
    openStores: async () => {
      const all = await datasets.list();
      for (const { id } of all) await datasets.genotypes(id);
      return `${all.length} datasets`;
    },
  });
  const { exchange, signed } = composeExchange(foundation, {
    keys: signing,
    members: directory.members,
  });
  const visas = composeVisas(foundation, {
    keys: signing,
    members: directory.members,
    ledger: audit.service.ledger,
    fetchFor: signed.fetchFor,
  });
  const identity = composeIdentity(foundation, {
    keys: signing,
    ledger: audit.service.ledger,
    visasOf: visas.visasOf,
    audience: visas.audience,
  });
  const { deadlineMs } = options;
  const { peers, hub } = await composeNetwork(foundation, { genes, signed, deadlineMs });
  return {
    home,
    config,
    records,
    keys,
    deletions,
    datasets,
    subjects,
    consents,
    ontologies,
    projections,
    cohorts,
    groups,
    genes,
    frequencies: new FrequencyService({
      genotypes,
      consented,
      groups: groupsBy,
      used: usedBy(audit, 'operator-frequencies'),
    }),
    counts: new CountService({
      used: usedBy(audit, 'operator-count'),
      genotypes,
      evaluate,
      groups: groupsBy,
      resolve: async (id, filters) => {
        if (filters.length === 0) return everyone;
        const { resolveFilters, Vocabulary } = await loadDiscovery();
        return (await resolveFilters(filters, new Vocabulary(ports, [id]), now())).cohort;
      },
    }),
    exports: new ExportService({ genotypes, consented, used: usedBy(audit, 'operator-export') }),
    answers: hub?.answers ?? deferred(async () => new (await loadDiscovery()).DiscoveryService(ports)),
    network: hub?.network,
    peers,
    exchange,
    directory,
    ledger: composedLedger,
    audit,
    visas,
    identity,
    background,
    close: async () => {
      await audit.close();
      await composedLedger.close();
      await datasets.close();
      await database.close();
    },
  };
}

/** What changes of a dataset's store are to the audit. */
const STORE_OPERATIONS: Readonly<Record<string, AuditOperation>> = {
  deleted: 'dataset-deletion',
  'key-rotated': 'key-rotation',
};

/** Records what the operator takes out of a dataset inside the node: in the ledger too, before it is told. */
function usedBy({ service }: ComposedAudit, operation: AuditOperation) {
  return (dataset: string, people: number) =>
    service.record({
      operation,
      who: { kind: 'operator' },
      datasets: [dataset],
      decision: 'answered',
      answer: { count: sizeClass(people), records: 0, suppressed: false },
    });
}

/** What answers questions is half of the program, and most commands ask none. */
async function loadDiscovery() {
  const [{ DiscoveryService }, { resolveFilters }, { Vocabulary }] = await Promise.all([
    import('./services/discovery/discovery.ts'),
    import('./services/discovery/filters.ts'),
    import('./services/discovery/vocabulary.ts'),
  ]);
  return { DiscoveryService, resolveFilters, Vocabulary };
}

/** Answers that are made by the first question. */
function deferred(make: () => Promise<DiscoveryAnswers>): DiscoveryAnswers {
  let made: Promise<DiscoveryAnswers> | undefined;
  const answers = () => {
    made ??= make();
    return made;
  };
  return {
    describe: async () => (await answers()).describe(),
    datasets: async () => (await answers()).datasets(),
    filteringTerms: async (request) => (await answers()).filteringTerms(request),
    individuals: async (question, asker) => (await answers()).individuals(question, asker),
    variants: async (question, asker) => (await answers()).variants(question, asker),
  };
}

function genotypeStores(home: Home, keys: DataKeys): GenotypeStores {
  return {
    create: (dataset, { segments = home.config.segments, ...options }) =>
      GenotypeStore.create(genotypesPath(home, dataset), options, segments === 'plain' ? {} : { keys }),
    open: (dataset) => GenotypeStore.open(genotypesPath(home, dataset), { keys }),
    verify: (dataset) => GenotypeStore.verify(genotypesPath(home, dataset), { keys }),
  };
}
