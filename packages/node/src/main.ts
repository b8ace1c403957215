import { NodeError } from './errors.ts';
import {
  createHome,
  genotypesPath,
  type Home,
  type InitOptions,
  type NodeConfig,
  readHome,
  recordsPath,
} from './home.ts';
import { CohortService } from './services/cohorts.ts';
import { ConsentService } from './services/consents.ts';
import { DatasetService, type GenotypeStores } from './services/datasets.ts';
import { FrequencyService } from './services/frequencies.ts';
import { GeneService } from './services/genes.ts';
import { OntologyService } from './services/ontologies.ts';
import { ProjectionService } from './services/projections.ts';
import { SubjectService } from './services/subjects.ts';
import { openPostgresRecords, openSqliteRecords } from './stores/records/open.ts';
import type { RecordStore } from './stores/records/records.ts';

/** A node or hub with its stores open. */
export interface FederomeNode {
  readonly home: Home;
  readonly config: NodeConfig;
  readonly records: RecordStore;
  readonly datasets: DatasetService;
  readonly subjects: SubjectService;
  readonly consents: ConsentService;
  readonly ontologies: OntologyService;
  readonly cohorts: CohortService;
  readonly frequencies: FrequencyService;
  readonly genes: GeneService;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** The clock; the machine's by default. */
  readonly now?: (() => Date) | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Makes the home of a node and its records. Throws `node/home-exists`, `node/bad-config`, `node/store`. */
export async function initNode(directory: string, options: InitOptions): Promise<Home> {
  const home = await createHome(directory, options);
  const records = await openRecords(home, process.env);
  await records.close();
  return home;
}

/** Opens the node that lives in a directory. Throws `node/no-home`, `node/bad-config`, `node/store`. */
export async function openNode(directory: string, options: OpenOptions = {}): Promise<FederomeNode> {
  const now = options.now ?? (() => new Date());
  const home = await readHome(directory);
  const records = await openRecords(home, options.environment ?? process.env);
  const datasets: DatasetService = new DatasetService({
    records,
    stores: genotypeStores(home),
    now,
    rebuild: (id) => projections.rebuild(id),
  });
  const genotypes = (id: string) => datasets.genotypes(id);
  const projections = new ProjectionService({ records, genotypes });
  const consents = new ConsentService({ records, genotypes, dataset: (id) => datasets.get(id), now });
  const cohorts = new CohortService({
    records,
    genotypes,
    consented: (id, scope) => consents.consented(id, scope),
  });
  return {
    home,
    config: home.config,
    records,
    datasets,
    consents,
    cohorts,
    subjects: new SubjectService({
      records,
      genotypes,
      now,
      rebuild: (id, transaction) => projections.rebuild(id, transaction),
    }),
    ontologies: new OntologyService({
      records,
      now,
      rebuildAll: async () => {
        for (const { id } of await datasets.list()) await projections.rebuild(id);
      },
    }),
    frequencies: new FrequencyService({
      records,
      genotypes,
      consented: (id, scope) => consents.consented(id, scope),
      evaluate: (id, expression) => cohorts.evaluate(id, expression, now()),
    }),
    genes: new GeneService({ records }),
    close: () => records.close(),
  };
}

async function openRecords(
  home: Home,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RecordStore> {
  const { records } = home.config;
  if (records.kind === 'sqlite') return await openSqliteRecords(recordsPath(home));
  const url = environment[records.urlVariable];
  if (url === undefined || url === '') {
    throw new NodeError(
      'node/bad-config',
      `the records are in PostgreSQL, and ${records.urlVariable}, which holds the address, is not set`,
    );
  }
  return await openPostgresRecords(url);
}

function genotypeStores(home: Home): GenotypeStores {
  const refuse = async (dataset: string) => {
    throw new NodeError('node/store', `no genotype store in ${genotypesPath(home, dataset)}`);
  };
  return { create: refuse, open: refuse };
}
