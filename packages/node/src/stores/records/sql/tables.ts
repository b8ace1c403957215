import type { Generated } from 'kysely';

/** Tables of records: datasets and the people in them, ontologies, genes, the Beacons that a hub asks. */
export interface RecordTables {
  dataset: {
    id: string;
    title: string;
    assembly: string;
    absent: string;
    consent_model: string;
    duo: string;
    created_at: string;
    metadata: string;
    revision: Generated<number | string>;
  };
  subject: { dataset: string; id: string; sex: string; record: string };
  projection_set: { dataset: string; key: string; people: Uint8Array };
  projection_measurement: { dataset: string; assay: string; person: number; value: number; unit: string };
  projection_age: {
    dataset: string;
    person: number;
    birth_day: number | null;
    age_days: number | null;
  };
  projection_term: { dataset: string; id: string; label: string; people: number };
  consent_event: {
    sequence: Generated<number | string>;
    dataset: string;
    subject: string;
    scope: string;
    decision: string;
    decided_at: string;
  };
  consent_current: { dataset: string; subject: string; scope: string; decision: string; decided_at: string };
  ontology: { id: string; version: string };
  term: {
    id: string;
    ontology: string;
    label: string;
    obsolete: number;
    alternate_ids: string;
    synonyms: string;
  };
  term_parent: { child: string; parent: string };
  term_alternate: { alternate: string; term: string };
  term_name: { term: string; name: string };
  gene: {
    assembly: string;
    symbol: string;
    name: string;
    ensembl_id: string;
    contig: string;
    start_bp: number;
    end_bp: number;
  };
  member: { id: string; url: string; name: string; country: string; added_at: string };
  event: { sequence: Generated<number | string>; at: string; type: string; data: string };
}
