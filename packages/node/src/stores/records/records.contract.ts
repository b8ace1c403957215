import { PeopleSet, type SubjectRecord } from '@federome/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConsentEvent, Dataset, RecordStore, TermRow } from './records.ts';

/** Opens a connection of its own to the same records, as another process would. */
export type OpenRecords = () => Promise<RecordStore>;

const DATASET: Dataset = {
  id: 'cohort',
  title: 'A cohort',
  assembly: 'GRCh38',
  absent: 'missing',
  consentModel: 'opt-out',
  duo: ['DUO:0000042'],
  createdAt: '2026-01-02T03:04:05.000Z',
  metadata: { contact: { mail: 'dac@example.org' } },
};

const subject = (id: string, changes: Partial<SubjectRecord> = {}): SubjectRecord => ({
  id,
  sex: 'female',
  observations: [],
  measurements: [],
  ...changes,
});

const consent = (subject: string, decision: 'permit' | 'deny', decidedAt = '2026-01-01T00:00:00.000Z') =>
  ({ subject, scope: 'allele-frequency', decision, decidedAt }) satisfies ConsentEvent;

const term = (id: string, parents: readonly string[], changes: Partial<TermRow> = {}): TermRow => ({
  id,
  label: `Label of ${id}`,
  alternateIds: [],
  parents,
  obsolete: false,
  synonyms: [],
  ...changes,
});

const listed = async (subjects: AsyncIterable<SubjectRecord>) => {
  const ids: string[] = [];
  for await (const { id } of subjects) ids.push(id);
  return ids;
};

/** What every record store does, whatever database is below it. `freshRecords` gives an empty one for each test. */
export function recordsContract(name: string, freshRecords: () => Promise<OpenRecords>): void {
  describe(name, () => {
    let open: OpenRecords;
    let store: RecordStore;

    beforeEach(async () => {
      open = await freshRecords();
      store = await open();
    });
    afterEach(async () => await store.close());

    describe('datasets', () => {
      test('a dataset is found again as it was added, by another process too', async () => {
        await store.addDataset(DATASET);
        const other = await open();
        expect(await other.dataset('cohort')).toEqual(DATASET);
        expect(await other.datasets()).toEqual([DATASET]);
        expect(await other.dataset('nothing')).toBeUndefined();
        await other.close();
      });

      test('a dataset is added once', async () => {
        await store.addDataset(DATASET);
        await expect(store.addDataset({ ...DATASET, title: 'other' })).rejects.toMatchObject({
          code: 'node/dataset-exists',
        });
        expect((await store.dataset('cohort'))?.title).toBe('A cohort');
      });

      test('nothing is kept of a dataset that does not exist', async () => {
        for (const write of [
          () => store.putSubjects('nothing', [subject('p1')]),
          () => store.appendConsents('nothing', [consent('p1', 'deny')]),
          () => store.putProjections('nothing', { sets: [], measurements: [], ages: [], terms: [] }),
          () => store.revision('nothing'),
        ]) {
          await expect(write()).rejects.toMatchObject({ code: 'node/unknown-dataset' });
        }
        expect(await listed(store.subjects('nothing'))).toEqual([]);
        expect(await store.currentConsents('nothing')).toEqual([]);
      });
    });

    describe('subjects', () => {
      beforeEach(async () => await store.addDataset(DATASET));

      test('a record comes back as it was put, and is replaced as a whole', async () => {
        const first = subject('Ärzte 1', {
          dateOfBirth: '1970-05',
          observations: [
            {
              kind: 'disease',
              term: { id: 'ORDO:558', label: 'Marfan' },
              excluded: false,
              ageOfOnset: 'P3Y',
            },
          ],
          measurements: [{ assay: { id: 'LOINC:8308-9' }, value: 170.25, unit: { id: 'cm' } }],
        });
        await store.putSubjects('cohort', [first]);
        expect(await store.subject('cohort', 'Ärzte 1')).toEqual(first);
        await store.putSubjects('cohort', [subject('Ärzte 1', { sex: 'male' })]);
        expect(await store.subject('cohort', 'Ärzte 1')).toEqual(subject('Ärzte 1', { sex: 'male' }));
        expect(await store.subject('cohort', 'ärzte 1')).toBeUndefined();
        expect(await store.subjectCount('cohort')).toBe(1);
      });

      test('thousands of people are listed once each, and only those of the dataset', async () => {
        await store.addDataset({ ...DATASET, id: 'other' });
        const ids = Array.from({ length: 2_500 }, (_, index) => `p${index}`);
        await store.putSubjects(
          'cohort',
          ids.map((id, index) => subject(id, { sex: index % 2 === 0 ? 'male' : 'unknown' })),
        );
        await store.putSubjects('other', [subject('p1'), subject('stranger')]);
        expect((await listed(store.subjects('cohort'))).toSorted()).toEqual(ids.toSorted());
        expect(await store.subjectCount('cohort')).toBe(2_500);
        const sexes = await store.sexes('cohort');
        expect([sexes.size, sexes.get('p0'), sexes.get('p1')]).toEqual([2_500, 'male', 'unknown']);
      });

      test('other questions are answered while people are being listed', async () => {
        await store.putSubjects('cohort', [subject('p1'), subject('p2')]);
        for await (const { id } of store.subjects('cohort')) {
          expect(await store.subject('cohort', id)).toBeDefined();
          await store.appendEvent('seen', {}, '2026-01-01T00:00:00Z');
        }
        expect(await store.events(0, 10)).toHaveLength(2);
      });
    });

    describe('projections', () => {
      beforeEach(async () => await store.addDataset(DATASET));

      test('sets, measurements, ages and terms come back, and are replaced all together', async () => {
        const people = PeopleSet.of([0, 7, 32_767, 32_768, 100_000]);
        await store.putProjections('cohort', {
          sets: [
            ['term:HP:0001250', people],
            ['term:HP:0000118', PeopleSet.EMPTY],
            ['sex:female', PeopleSet.range(0, 40_000)],
          ],
          measurements: [
            { person: 7, assay: 'LOINC:8308-9', value: 170.1, unit: 'UCUM:cm' },
            { person: 0, assay: 'LOINC:8308-9', value: 1e-7, unit: 'UCUM:cm' },
            { person: 0, assay: 'LOINC:3141-9', value: 80, unit: 'UCUM:kg' },
          ],
          ages: [
            { person: 3, birthDay: -400, ageDays: undefined },
            { person: 1, birthDay: undefined, ageDays: 12_000 },
          ],
          terms: [{ id: 'HP:0001250', label: 'Seizure', people: 5 }],
        });
        expect((await store.projection('cohort', 'term:HP:0001250'))?.equals(people)).toBe(true);
        expect((await store.projection('cohort', 'sex:female'))?.size).toBe(40_000);
        expect(await store.projection('cohort', 'sex:male')).toBeUndefined();
        expect(await store.projectionKeys('cohort', 'term:')).toEqual(['term:HP:0000118', 'term:HP:0001250']);
        expect(await store.projectionKeys('cohort', 't_rm:')).toEqual([]);
        expect(await store.assays('cohort')).toEqual(['LOINC:3141-9', 'LOINC:8308-9']);
        expect(await store.measurements('cohort', 'LOINC:8308-9')).toEqual([
          { person: 0, assay: 'LOINC:8308-9', value: 1e-7, unit: 'UCUM:cm' },
          { person: 7, assay: 'LOINC:8308-9', value: 170.1, unit: 'UCUM:cm' },
        ]);
        expect(await store.ages('cohort')).toEqual([
          { person: 1, birthDay: undefined, ageDays: 12_000 },
          { person: 3, birthDay: -400, ageDays: undefined },
        ]);
        expect(await store.termsInUse('cohort')).toEqual([{ id: 'HP:0001250', label: 'Seizure', people: 5 }]);

        await store.putProjections('cohort', {
          sets: [['sex:male', people]],
          measurements: [],
          ages: [],
          terms: [],
        });
        expect(await store.projectionKeys('cohort', '')).toEqual(['sex:male']);
        expect([await store.assays('cohort'), await store.ages('cohort')]).toEqual([[], []]);
        expect(await store.termsInUse('cohort')).toEqual([]);
      });

      test('tens of thousands of measurements are kept', async () => {
        const rows = Array.from({ length: 20_001 }, (_, person) => ({
          person,
          assay: 'x:1',
          value: person / 3,
          unit: 'UCUM:cm',
        }));
        await store.putProjections('cohort', { sets: [], measurements: rows, ages: [], terms: [] });
        expect(await store.measurements('cohort', 'x:1')).toEqual(rows);
      });
    });

    describe('consents', () => {
      beforeEach(async () => await store.addDataset(DATASET));

      test('the latest decision of a person on a scope stands, and every decision is remembered', async () => {
        const other: ConsentEvent = { ...consent('p1', 'deny'), scope: 'secondary-use' };
        await store.appendConsents('cohort', [consent('p1', 'deny'), consent('p2', 'deny'), other]);
        await store.appendConsents('cohort', [consent('p1', 'permit', '2026-02-01T00:00:00.000Z')]);
        expect(await store.currentConsents('cohort')).toEqual([
          consent('p1', 'permit', '2026-02-01T00:00:00.000Z'),
          other,
          consent('p2', 'deny'),
        ]);
        expect(await store.consentHistory('cohort', 'p1')).toEqual([
          consent('p1', 'deny'),
          other,
          consent('p1', 'permit', '2026-02-01T00:00:00.000Z'),
        ]);
      });

      test('of two decisions given at once the last stands, though both carry the same time', async () => {
        await store.appendConsents('cohort', [consent('p1', 'deny'), consent('p1', 'permit')]);
        expect(await store.currentConsents('cohort')).toEqual([consent('p1', 'permit')]);
        await store.appendConsents('cohort', [consent('p1', 'permit'), consent('p1', 'deny')]);
        expect(await store.currentConsents('cohort')).toEqual([consent('p1', 'deny')]);
        expect(await store.consentHistory('cohort', 'p1')).toHaveLength(4);
      });
    });

    describe('revisions', () => {
      beforeEach(async () => await store.addDataset(DATASET));

      test('every change of subjects, projections and consents is seen by another process', async () => {
        const other = await open();
        const seen = [await other.revision('cohort')];
        await store.putSubjects('cohort', [subject('p1')]);
        seen.push(await other.revision('cohort'));
        await store.putProjections('cohort', { sets: [], measurements: [], ages: [], terms: [] });
        seen.push(await other.revision('cohort'));
        await store.appendConsents('cohort', [consent('p1', 'deny')]);
        seen.push(await other.revision('cohort'));
        await other.close();
        for (let at = 1; at < seen.length; at += 1) expect(seen[at]).toBeGreaterThan(seen[at - 1]!);
      });

      test('a change of one dataset leaves the others as they are', async () => {
        await store.addDataset({ ...DATASET, id: 'other' });
        const before = await store.revision('other');
        await store.putSubjects('cohort', [subject('p1')]);
        expect(await store.revision('other')).toBe(before);
      });
    });

    describe('transactions', () => {
      beforeEach(async () => await store.addDataset(DATASET));

      test('what a transaction did is gone when it throws', async () => {
        const before = await store.revision('cohort');
        const failing = store.transaction(async (transaction) => {
          await transaction.putSubjects('cohort', [subject('p1')]);
          await transaction.appendConsents('cohort', [consent('p1', 'deny')]);
          await transaction.appendEvent('x', {}, '2026-01-01T00:00:00Z');
          expect(await transaction.subjectCount('cohort')).toBe(1);
          throw new Error('changed my mind');
        });
        await expect(failing).rejects.toThrow('changed my mind');
        expect(await store.subjectCount('cohort')).toBe(0);
        expect(await store.currentConsents('cohort')).toEqual([]);
        expect(await store.events(0, 10)).toEqual([]);
        expect(await store.revision('cohort')).toBe(before);
      });

      test('nobody sees half of a transaction, and answers do not wait for it', async () => {
        const other = await open();
        await store.transaction(async (transaction) => {
          await transaction.putSubjects('cohort', [subject('p1')]);
          expect(await other.subjectCount('cohort')).toBe(0);
          expect(await store.subjectCount('cohort')).toBe(0);
          await transaction.putSubjects('cohort', [subject('p2')]);
        });
        expect([await other.subjectCount('cohort'), await store.subjectCount('cohort')]).toEqual([2, 2]);
        await other.close();
      });

      test('a transaction within a transaction belongs to it', async () => {
        const failing = store.transaction(async (outer) => {
          await outer.transaction(async (inner) => await inner.putSubjects('cohort', [subject('p1')]));
          throw new Error('changed my mind');
        });
        await expect(failing).rejects.toThrow('changed my mind');
        expect(await store.subjectCount('cohort')).toBe(0);
      });

      test('transactions that begin at once all happen', async () => {
        const work = Array.from({ length: 20 }, (_, index) =>
          store.transaction(async (transaction) => {
            const count = await transaction.subjectCount('cohort');
            await transaction.putSubjects('cohort', [subject(`p${index}`)]);
            return count;
          }),
        );
        await Promise.all(work);
        expect(await store.subjectCount('cohort')).toBe(20);
        expect(await store.revision('cohort')).toBe(20);
      });
    });

    describe('ontologies', () => {
      const HP = { id: 'hp', version: '2024' };
      const TERMS = [
        term('HP:1', [], { label: 'All' }),
        term('HP:2', ['HP:1'], { label: 'Seizure', synonyms: ['Fit', 'Epileptic seizure'] }),
        term('HP:3', ['HP:2'], { label: 'Focal seizure', alternateIds: ['HP:33'] }),
        term('HP:4', ['HP:3', 'HP:5'], { label: 'Focal motor seizure' }),
        term('HP:5', ['HP:1'], { label: 'Motor 100%' }),
        term('HP:9', [], { label: 'obsolete Old seizure', obsolete: true }),
      ];
      beforeEach(async () => await store.putTerms(HP, TERMS));

      test('a term is found by its id and by what it was called before', async () => {
        expect(await store.term('HP:4')).toEqual(TERMS[3]);
        expect((await store.term('HP:33'))?.id).toBe('HP:3');
        expect((await store.term('HP:9'))?.obsolete).toBe(true);
        expect(await store.term('HP:7')).toBeUndefined();
        await store.putTerms(HP, [term('HP:10', [], { alternateIds: ['HP:9'] })]);
        expect((await store.term('HP:9'))?.id).toBe('HP:10');
        const resolutions = await store.resolutions();
        expect(['HP:4', 'HP:33', 'HP:9'].map((id) => resolutions.get(id))).toEqual(['HP:4', 'HP:3', 'HP:10']);
      });

      test('what lies below and above a term is reached by every path, circles included', async () => {
        expect((await store.descendants('HP:2')).toSorted()).toEqual(['HP:2', 'HP:3', 'HP:4']);
        expect((await store.descendants('HP:5')).toSorted()).toEqual(['HP:4', 'HP:5']);
        expect((await store.ancestors('HP:4')).toSorted()).toEqual(['HP:1', 'HP:2', 'HP:3', 'HP:4', 'HP:5']);
        expect(await store.descendants('OMIM:1')).toEqual(['OMIM:1']);
        await store.putTerms(HP, [term('HP:1', ['HP:4'])]);
        expect(await store.descendants('HP:4')).toHaveLength(5);
        expect((await store.parents()).get('HP:4')?.toSorted()).toEqual(['HP:3', 'HP:5']);
      });

      test('terms are searched by label, synonym and id, the nearest first', async () => {
        const found = async (text: string) => (await store.searchTerms(text, 10)).map(({ id }) => id);
        expect(await found('SEIZURE')).toEqual(['HP:2', 'HP:3', 'HP:4']);
        expect(await found('fit')).toEqual(['HP:2']);
        expect(await found('hp:3')).toEqual(['HP:3']);
        expect(await found('otor s')).toEqual(['HP:4']);
        expect(await found('100%')).toEqual(['HP:5']);
        expect(await found('%')).toEqual(['HP:5']);
        expect(await found('_')).toEqual([]);
        expect(await found(' ')).toEqual([]);
        expect(await store.searchTerms('seizure', 1)).toHaveLength(1);
      });

      test('a newer version replaces its terms', async () => {
        await store.putTerms({ id: 'hp', version: '2026' }, [
          term('HP:3', ['HP:1'], { label: 'Partial seizure' }),
        ]);
        expect((await store.term('HP:3'))?.label).toBe('Partial seizure');
        expect(await store.term('HP:33')).toBeUndefined();
        expect((await store.descendants('HP:2')).toSorted()).toEqual(['HP:2']);
        expect(await store.searchTerms('focal seizure', 10)).toEqual([]);
        expect(await store.ontologies()).toEqual([{ id: 'hp', version: '2026', terms: 6 }]);
        expect(await store.labels(['HP:3', 'HP:7'])).toEqual(new Map([['HP:3', 'Partial seizure']]));
      });
    });

    describe('genes', () => {
      const gene = {
        symbol: 'C9orf72',
        ensemblId: 'ENSG00000147894',
        contig: '9',
        start: 27_546_543,
        end: 27_573_866,
      };
      beforeEach(
        async () =>
          await store.putGenes([
            { ...gene, assembly: 'GRCh38' },
            { ...gene, assembly: 'GRCh37', start: 27_546_542 },
            { symbol: 'C9', ensemblId: undefined, assembly: 'GRCh38', contig: '5', start: 1, end: 2 },
          ]),
      );

      test('a gene is found by symbol in any case and by Ensembl id with or without version', async () => {
        for (const name of ['C9orf72', 'c9ORF72', 'ENSG00000147894', 'ENSG00000147894.15']) {
          expect(await store.gene('GRCh37', name)).toEqual({
            ...gene,
            assembly: 'GRCh37',
            start: 27_546_542,
          });
        }
        expect((await store.gene('GRCh38', 'C9'))?.ensemblId).toBeUndefined();
        expect(await store.gene('GRCh38', 'C9orf')).toBeUndefined();
        expect(await store.gene('GRCh37', 'C9')).toBeUndefined();
      });

      test('genes are searched by their beginning, the shortest first', async () => {
        expect((await store.searchGenes('c9', 10)).map(({ symbol }) => symbol)).toEqual([
          'C9',
          'C9orf72',
          'C9orf72',
        ]);
        expect(await store.searchGenes('c9', 1)).toHaveLength(1);
        expect(await store.searchGenes('%', 10)).toEqual([]);
      });
    });

    test('members are added, replaced and removed', async () => {
      const member = { id: 'ee', url: 'https://ee.example', name: 'Estonia', country: 'EE', addedAt: '2026' };
      await store.putMember(member);
      await store.putMember({ ...member, id: 'be', country: 'BE' });
      await store.putMember({ ...member, name: 'Eesti' });
      expect(await store.members()).toEqual([
        { ...member, id: 'be', country: 'BE' },
        { ...member, name: 'Eesti' },
      ]);
      await store.removeMember('be');
      expect((await store.members()).map(({ id }) => id)).toEqual(['ee']);
    });

    test('events keep their order and are read on from any of them', async () => {
      for (const type of ['a', 'b', 'c']) await store.appendEvent(type, { of: type }, '2026-01-01T00:00:00Z');
      const [first, ...rest] = await store.events(0, 10);
      expect(first).toMatchObject({ type: 'a', data: { of: 'a' }, at: '2026-01-01T00:00:00Z' });
      expect(await store.events(first?.sequence ?? 0, 10)).toEqual(rest);
      expect((await store.events(0, 2)).map(({ type }) => type)).toEqual(['a', 'b']);
    });
  });
}
