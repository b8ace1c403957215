import { canonicalCurie, SEXES, type Sex } from '@federome/core';
import type { DiscoveryPorts } from './ports.ts';

/** Everything that a question to some datasets may name; looked up when it is needed, once. */
export class Vocabulary {
  readonly #ports: DiscoveryPorts;
  readonly #datasets: readonly string[];
  #terms: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(ports: DiscoveryPorts, datasets: readonly string[]) {
    this.#ports = ports;
    this.#datasets = datasets;
  }

  /**
   * The id that a term is known by, or `undefined` where it is unknown. A term of an ontology that is not loaded is
   * known if any term of that prefix is in use: whether this very one is, must not be told by a refusal.
   */
  async term(given: string): Promise<string | undefined> {
    const id = canonicalCurie(given) ?? given;
    const term = await this.#ports.ontologies.term(id);
    if (term !== undefined) return term.id;
    const inUse = await this.#termsInUse();
    if (inUse.has(id)) return id;
    const prefix = prefixOf(id);
    if (prefix === undefined || (await this.#ports.records.prefixes()).has(prefix)) return undefined;
    return [...inUse.keys()].some((each) => prefixOf(each) === prefix) ? id : undefined;
  }

  /** Terms that people of the datasets have, or that lie above those, by id. */
  async termsInUse(): Promise<readonly { readonly id: string; readonly label: string }[]> {
    return [...(await this.#termsInUse())]
      .map(([id, label]) => ({ id, label }))
      .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }

  /** Names of populations, sorted. */
  async populations(): Promise<readonly string[]> {
    return await this.#union(async (dataset) => {
      const keys = await this.#ports.records.projectionKeys(dataset, 'population:');
      return keys.map((key) => key.slice('population:'.length));
    });
  }

  /** Sexes that are recorded. */
  async sexes(): Promise<readonly Sex[]> {
    const keys = await this.#union((dataset) => this.#ports.records.projectionKeys(dataset, 'sex:'));
    return SEXES.filter((sex) => keys.includes(`sex:${sex}`));
  }

  /** What has been measured, by the CURIE of the assay, sorted. */
  async assays(): Promise<readonly string[]> {
    return await this.#union((dataset) => this.#ports.records.assays(dataset));
  }

  /** The name of an assay that has been measured, or `undefined`. */
  async assay(given: string): Promise<string | undefined> {
    const id = canonicalCurie(given) ?? given;
    return (await this.assays()).find((assay) => assay === id);
  }

  #termsInUse(): Promise<ReadonlyMap<string, string>> {
    this.#terms ??= Promise.all(
      this.#datasets.map((dataset) => this.#ports.ontologies.filteringTerms(dataset)),
    ).then((lists) => new Map(lists.flat().map(({ id, label }) => [id, label])));
    return this.#terms;
  }

  async #union(list: (dataset: string) => Promise<readonly string[]>): Promise<readonly string[]> {
    const lists = await Promise.all(this.#datasets.map(list));
    return [...new Set(lists.flat())].sort();
  }
}

function prefixOf(id: string): string | undefined {
  return /^([^:\s]+):\S+$/.exec(id)?.[1];
}
