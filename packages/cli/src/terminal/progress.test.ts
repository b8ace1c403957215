import { expect, test } from 'vitest';
import { countOf, megabytes, progressLine } from './progress.ts';

test('a line of progress tells the share, the rate and the time that is left', () => {
  const step = { label: 'calls.vcf.gz', done: 45e6, total: 100e6, note: '3,450 records' };
  expect(progressLine(step, 9, megabytes)).toBe('calls.vcf.gz  45 %  5.0 MB/s  00:11 left  3,450 records');
  expect(progressLine({ ...step, done: 1e6 }, 90, megabytes)).toContain('2:28:30 left');
});

test('where the whole is unknown, a line of progress tells what is done', () => {
  expect(progressLine({ label: 'people.csv', done: 1_500 }, 3, countOf('people'))).toBe(
    'people.csv  1,500 people  500 people/s',
  );
});

test('in a narrow window a long label gives way to the share, the rate and the time', () => {
  const step = {
    label: 'hospital-of-the-university.chromosome-22.vcf.gz',
    done: 45e6,
    total: 100e6,
    note: '3 records',
  };
  const line = progressLine(step, 9, megabytes, 60);
  expect(line).toBe('…chromosome-22.vcf.gz  45 %  5.0 MB/s  00:11 left  3 records');
  expect(line).toHaveLength(60);
  expect(progressLine(step, 9, megabytes, 30)).toBe('…e-22.vcf.gz  45 %  5.0 MB/s');
});
