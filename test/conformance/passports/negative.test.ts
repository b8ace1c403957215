import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type NegativeCase, OPTIONS } from './cases.ts';
import { PASSPORT_CASES } from './passport-cases.ts';
import { VISA_CASES } from './visa-cases.ts';
import { closeWorlds, World } from './world.ts';

const CASES = [...PASSPORT_CASES, ...VISA_CASES];

afterAll(closeWorlds);

describe('a passport that is refused', () => {
  test.each(PASSPORT_CASES)('$id: $what', async (negative) => {
    const { verifier, broken } = await afterAccepted(negative);
    const { identity, visas, report } = await verifier.inspect(broken, OPTIONS);
    expect(report.checks.at(-1)).toMatchObject({ name: negative.check, passed: false, code: negative.code });
    expect([identity, visas, report.accepted]).toEqual([undefined, [], false]);
    await expect(verifier.verify(broken, OPTIONS)).rejects.toMatchObject({ code: 'node/bad-passport' });
  });
});

describe('a visa that is refused', () => {
  test.each(VISA_CASES)('$id: $what', async (negative) => {
    const { verifier, broken, accepted } = await afterAccepted(negative);
    const { visas, report } = await verifier.inspect(broken, OPTIONS);
    expect(report.accepted).toBe(true);
    expect(report.visas[0]?.checks.at(-1)).toMatchObject({
      name: negative.check,
      passed: false,
      code: negative.code,
    });
    expect(report.visas[0]?.accepted).toBe(false);
    expect(visas.length).toBeLessThan(accepted);
  });
});

test('the table of docs/passports.md says what is tested here, case by case', () => {
  const text = readFileSync(fileURLToPath(new URL('../../../docs/passports.md', import.meta.url)), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| [PV]\d+ \|/.test(line));
  expect(rows).toEqual(CASES.map(rowOf));
  expect(CASES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
});

/** The same passport without the defect is accepted, with its first visa: so nothing else refuses the broken one. */
async function afterAccepted({ make, then }: NegativeCase) {
  const world = await World.make();
  const { whole, broken } = await make(world);
  const { visas, report } = await world.verifier.verify(whole, OPTIONS);
  expect(report.visas[0]?.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(report.visas[0]?.accepted).toBe(true);
  await then?.(world);
  return { verifier: world.verifier, broken, accepted: visas.length };
}

function rowOf({ id, what, check, code }: NegativeCase): string {
  return `| ${id} | ${what} | ${check} | \`${code}\` |`;
}
