import { type BeaconAnswer, parseQueryAnswer } from '@federome/client';
import { expect, test } from 'vitest';
import { rowsOf } from './query.ts';

const withheld = { disclosure: { suppressed: true, threshold: 10, roundedTo: 5 } };

function answer(rest: object): BeaconAnswer {
  return parseQueryAnswer(
    { meta: { beaconId: 'ee' }, responseSummary: { exists: true, numTotalResults: 40 }, ...rest },
    'x',
  );
}

test('a Beacon without result sets is one row', () => {
  expect(rowsOf(answer({}))).toEqual([
    { beacon: 'ee', country: undefined, state: 'answered', exists: 'yes', count: '40' },
  ]);
});

test('a hub has a row for each set and each silent member; what is withheld is shown as <10', () => {
  const rows = rowsOf(
    answer({
      response: {
        resultSets: [
          { id: 'biobank', beaconId: 'ee', exists: true, resultsCount: 40 },
          { id: 'registry', beaconId: 'fi', exists: false, resultsCount: 0, info: withheld },
        ],
      },
      info: {
        members: [
          { id: 'ee', name: 'E', country: 'EE', state: 'answered', elapsedMs: 3, exists: true },
          { id: 'fi', name: 'F', country: 'FI', state: 'answered', elapsedMs: 3, exists: false },
          {
            id: 'it',
            name: 'I',
            country: 'IT',
            state: 'timed-out',
            elapsedMs: 3_000,
            reason: { code: 'client/timed-out', message: 'no answer within 3000 ms' },
          },
        ],
      },
    }),
  );
  expect(rows).toEqual([
    { beacon: 'ee', dataset: 'biobank', country: 'EE', state: 'answered', exists: 'yes', count: '40' },
    { beacon: 'fi', dataset: 'registry', country: 'FI', state: 'answered', exists: 'no', count: '<10' },
    {
      beacon: 'it',
      country: 'IT',
      state: 'timed-out',
      exists: undefined,
      reason: 'no answer within 3000 ms [client/timed-out]',
    },
  ]);
});
