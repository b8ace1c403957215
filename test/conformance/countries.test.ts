import { openInput, openTable, utf8Text } from '@federome/formats';
import { hasShared, sharedPath } from '@federome/testkit';
import { describe, expect, test } from 'vitest';
import { isCountry } from '../../packages/node/src/countries.ts';

const COUNTRIES = 'data/ontologies/iso3166_country-codes.csv';

describe.skipIf(!hasShared(COUNTRIES))('facts that are written into the node', () => {
  test('every code of ISO 3166-1 is a country, and no other', async () => {
    const path = sharedPath(COUNTRIES);
    const table = await openTable(utf8Text((await openInput(path)).chunks, path), path);
    const column = table.columns.indexOf('ISO3166-1-Alpha-2');
    const assigned: string[] = [];
    for await (const { cells } of table.rows) if (cells[column] !== '') assigned.push(cells[column]!);
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const known = letters.flatMap((a) => letters.map((b) => a + b)).filter(isCountry);
    expect(known).toEqual(assigned.toSorted());
  });
});
