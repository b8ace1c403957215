import { expect, test } from 'vitest';
import { overlaps, parseRegion } from './interval.ts';

test('a region is read as people write it, 1-based with both ends in, and kept 0-based and half-open', () => {
  expect(parseRegion('22:16,050,075-16,050,115')).toEqual({
    contig: '22',
    start: 16_050_074,
    end: 16_050_115,
  });
  expect(parseRegion('chrX:1')).toEqual({ contig: 'chrX', start: 0, end: 1 });
  expect(parseRegion('MT')).toEqual({ contig: 'MT', start: 0, end: Number.MAX_SAFE_INTEGER });
});

test.each(['', '22:', '22:0', '22:5-4', '22:a-b', '22:1-2-3', 'a b:1'])('%j is not a region', (text) => {
  expect(() => parseRegion(text)).toThrowError(expect.objectContaining({ code: 'core/bad-interval' }));
});

test('intervals that only touch do not overlap', () => {
  const left = { contig: '1', start: 10, end: 20 };
  expect(overlaps(left, { contig: '1', start: 20, end: 30 })).toBe(false);
  expect(overlaps(left, { contig: '1', start: 19, end: 30 })).toBe(true);
  expect(overlaps(left, { contig: '2', start: 10, end: 20 })).toBe(false);
});
