import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countTable } from './count-table.ts';

const number = fc.oneof(fc.nat(12), fc.nat(100_000), fc.constantFrom(9, 10, 99, 100, 999, 1_000, 999_999));
const allele = fc.oneof(
  fc.constantFrom('A', 'C', 'G', 'T', '<DEL>', 'ACGT', '<é>'),
  fc.integer({ min: 1, max: 9_000 }).map((length) => 'A'.repeat(length)),
);
/** het, an, hom, hemi and missing of a group. */
const counted = fc.tuple(number, number, number, number, number);
const siteOf = (groups: number) =>
  fc.record({
    position: fc.nat(0x7ffffffe),
    ref: allele,
    alt: allele,
    counted: fc.array(counted, { minLength: groups, maxLength: groups }),
  });
const names = fc.uniqueArray(fc.constantFrom('all', 'FIN', 'Ünited', 'with\ttab'), {
  minLength: 1,
  maxLength: 4,
});

interface Site {
  readonly position: number;
  readonly ref: string;
  readonly alt: string;
  readonly counted: readonly (readonly [number, number, number, number, number])[];
}

async function tableOf(groups: readonly string[], batches: readonly (readonly Site[])[]) {
  async function* columns() {
    for (const sites of batches) {
      const counts = sites.flatMap((site) =>
        site.counted.flatMap(([het, an, hom, hemi, missing]) => [
          het + 2 * hom + hemi,
          an,
          hom,
          hemi,
          missing,
        ]),
      );
      yield {
        contig: '22',
        size: sites.length,
        cohorts: groups.length,
        positions: Int32Array.from(sites, ({ position }) => position),
        counts: Array.from({ length: 5 * groups.length }, (_, place) =>
          Uint32Array.from(sites, (__, site) => counts[site * 5 * groups.length + place]!),
        ),
        alleles: (at: number) => sites[at]!,
      };
    }
  }
  const done = { rows: 0 };
  const chunks: Uint8Array[] = [];
  for await (const chunk of countTable(groups, columns(), done)) chunks.push(Uint8Array.from(chunk));
  return { table: Buffer.concat(chunks).toString('utf8'), rows: done.rows };
}

test('a table says of each site and group what was counted, whatever the alleles and numbers', async () => {
  await fc.assert(
    fc.asyncProperty(
      names.chain((groups) =>
        fc.tuple(
          fc.constant(groups),
          fc.array(fc.array(siteOf(groups.length), { maxLength: 9 }), { maxLength: 3 }),
        ),
      ),
      async ([groups, batches]) => {
        const expected = batches.flat().flatMap(({ position, ref, alt, counted: all }) =>
          groups.map((group, cohort) => {
            const [het, an, hom, hemi, missing] = all[cohort]!;
            const name = group.replace('\t', ' ');
            return [
              '22',
              position + 1,
              ref,
              alt,
              name,
              het + 2 * hom + hemi,
              an,
              hom,
              het,
              hemi,
              missing,
            ].join('\t');
          }),
        );
        const { table, rows } = await tableOf(groups, batches);
        const [header, ...lines] = table.split('\n');
        expect(header).toBe('contig\tpos\tref\talt\tgroup\tAC\tAN\tHOM\tHET\tHEMI\tMISSING');
        expect(lines).toEqual([...expected, '']);
        expect(rows).toBe(expected.length);
      },
    ),
  );
});
