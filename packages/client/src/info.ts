import { type Assembly, DISCLOSURE_FLOOR, type DisclosedCount, type DisclosurePolicy } from '@federome/core';
import type Type from 'typebox';
import {
  DatasetInfoShape,
  type DatasetsAnswer,
  type InfoAnswer,
  InfoExtension,
  matches,
  type People,
} from './schemas.ts';

/** What a Beacon says of itself; the last four only where it is one of Federome's. */
export interface BeaconInfo {
  readonly id: string;
  readonly name: string;
  readonly apiVersion: string | undefined;
  readonly description: string | undefined;
  readonly organization: string | undefined;
  readonly role: 'node' | 'hub' | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | undefined;
  /** People with a genome. */
  readonly genomes: DisclosedCount | undefined;
  readonly datasets: number | undefined;
  /** The policy by which it withholds small numbers. */
  readonly disclosure: DisclosurePolicy | undefined;
}

export function readInfo(answer: Type.Static<typeof InfoAnswer>): BeaconInfo {
  const { id, name, apiVersion, description, organization, info } = answer.response;
  const extension = matches(InfoExtension, info) ? info : {};
  return {
    id,
    name,
    apiVersion,
    description,
    organization: organization?.name,
    role: extension.role,
    country: extension.country,
    genomes: extension.genomes && peopleOf(extension.genomes),
    datasets: extension.datasets,
    disclosure: extension.disclosure,
  };
}

function peopleOf({ count, suppressed, threshold }: Type.Static<typeof People>): DisclosedCount {
  return suppressed
    ? { kind: 'suppressed', below: threshold ?? DISCLOSURE_FLOOR.countThreshold }
    : { kind: 'shown', value: count };
}

/** A dataset as a Beacon's `/datasets` describes it; assembly and people only where it is one of Federome's. */
export interface BeaconDataset {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string | undefined;
  readonly assembly: Assembly | undefined;
  readonly individuals: DisclosedCount | undefined;
}

export function readDatasets(answer: Type.Static<typeof DatasetsAnswer>): readonly BeaconDataset[] {
  return (answer.response.collections ?? []).map(({ id, name, description, createDateTime, info }) => {
    const extension = matches(DatasetInfoShape, info) ? info : {};
    return {
      id,
      name: name ?? id,
      description,
      createdAt: createDateTime,
      assembly: extension.assembly,
      individuals: extension.individuals && peopleOf(extension.individuals),
    };
  });
}
