import type { Assembly, CohortExpression, ConsentScope, DisclosurePolicy, PeopleSet } from '@federome/core';
import type { GenotypeQueries } from '@federome/genotypes';
import type { Dataset, GeneRow, Ontology, RecordStore, TermRow } from '../../stores/records/records.ts';

/** What discovery asks of its siblings; the composition root gives the services themselves. */
export interface DiscoveryPorts {
  readonly identity: { readonly id: string; readonly name: string; readonly country: string };
  readonly policy: DisclosurePolicy;
  readonly now: () => Date;
  /** How a grant names a dataset of this node; compared as text. */
  readonly datasetUrl: (dataset: string) => string;
  readonly datasets: {
    list(): Promise<readonly Dataset[]>;
    genotypes(dataset: string): Promise<GenotypeQueries>;
  };
  readonly consents: { consented(dataset: string, scope: ConsentScope): Promise<PeopleSet> };
  readonly cohorts: {
    evaluate(dataset: string, expression: CohortExpression, today: Date): Promise<PeopleSet>;
  };
  readonly ontologies: {
    list(): Promise<readonly Ontology[]>;
    term(id: string): Promise<TermRow | undefined>;
    filteringTerms(
      dataset: string,
    ): Promise<readonly { readonly id: string; readonly label: string; readonly people: number }[]>;
  };
  readonly genes: { find(assembly: Assembly, symbolOrId: string): Promise<GeneRow | undefined> };
  readonly records: Pick<RecordStore, 'projectionKeys' | 'assays' | 'revision' | 'prefixes'>;
}
