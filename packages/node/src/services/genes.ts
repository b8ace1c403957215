import { ASSEMBLIES, type Assembly, resolveContig } from '@federome/core';
import type { ReadGenesOptions } from '@federome/formats';
import type { GeneRow, RecordStore } from '../stores/records/records.ts';

export interface GeneServiceOptions {
  readonly records: RecordStore;
  readonly now: () => Date;
}

/** How a file of genes is read; a node keeps genes by assembly, so it has to be told. */
export type AddGenesOptions = ReadGenesOptions & { readonly assembly: Assembly };

/** Where genes lie: those that were loaded, else the few that Federome knows by itself. */
export class GeneService {
  readonly #options: GeneServiceOptions;

  constructor(options: GeneServiceOptions) {
    this.#options = options;
  }

  /** By symbol (case-insensitive) or Ensembl id, with or without its version. */
  async find(assembly: Assembly, symbolOrId: string): Promise<GeneRow | undefined> {
    const name = symbolOrId.trim().toUpperCase();
    const id = name.replace(/\.\d+$/, '');
    return (
      (await this.#options.records.gene(assembly, symbolOrId)) ??
      (await knownGenes()).find(
        (gene) => gene.assembly === assembly && (gene.symbol.toUpperCase() === name || gene.ensemblId === id),
      )
    );
  }

  /** By the beginning of the symbol, shortest first; a gene once for each assembly. */
  async search(prefix: string, limit: number): Promise<readonly GeneRow[]> {
    const loaded = await this.#options.records.searchGenes(prefix, limit);
    const name = prefix.trim().toUpperCase();
    const known = (await knownGenes()).filter((gene) => gene.symbol.toUpperCase().startsWith(name));
    const found = new Map<string, GeneRow>();
    for (const gene of [...loaded, ...known]) {
      const key = `${gene.symbol.toUpperCase()} ${gene.assembly}`;
      if (!found.has(key)) found.set(key, gene);
    }
    return [...found.values()].sort(bySymbol).slice(0, limit);
  }

  /**
   * Loads the genes of a BED, GFF3 or GTF file or of a table, all of it or nothing; gives how many. Those outside of the
   * primary contigs (patches, alternate loci) are left out. Throws what `readGenes` of @federome/formats does.
   */
  async add(path: string, options: AddGenesOptions): Promise<number> {
    const { readGenes } = await import('@federome/formats');
    const genes: GeneRow[] = [];
    for await (const gene of readGenes(path, options)) {
      if (resolveContig(options.assembly, gene.contig).kind === 'contig') genes.push(gene);
    }
    await this.#options.records.transaction(async (transaction) => {
      await transaction.putGenes(genes);
      const data = { assembly: options.assembly, genes: genes.length };
      await transaction.appendEvent('genes-loaded', data, this.#options.now().toISOString());
    });
    return genes.length;
  }
}

async function knownGenes(): Promise<readonly GeneRow[]> {
  const { embeddedGenes } = await import('@federome/formats');
  return ASSEMBLIES.flatMap(embeddedGenes);
}

function bySymbol(a: GeneRow, b: GeneRow): number {
  if (a.symbol !== b.symbol) {
    return a.symbol.length - b.symbol.length || (a.symbol < b.symbol ? -1 : 1);
  }
  return a.assembly < b.assembly ? -1 : 1;
}
