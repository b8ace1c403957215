import type { DisclosedCount } from '@federome/core';
import type Type from 'typebox';
import { type InfoAnswer, InfoExtension, matches } from './schemas.ts';

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
  /** Whether it states the policy by which it withholds small numbers. */
  readonly statesDisclosure: boolean;
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
    genomes: extension.genomes && genomesOf(extension.genomes),
    datasets: extension.datasets,
    statesDisclosure: extension.disclosure !== undefined,
  };
}

function genomesOf(stated: { count: number; suppressed: boolean; threshold: number }): DisclosedCount {
  return stated.suppressed
    ? { kind: 'suppressed', below: stated.threshold }
    : { kind: 'shown', value: stated.count };
}
