import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { initNode, openNode } from '../main.ts';

async function freshNode() {
  const directory = await mkdtemp(join(tmpdir(), 'federome-ontologies-'));
  await initNode(join(directory, 'home'), { country: 'EE' });
  const node = await openNode(join(directory, 'home'));
  onTestFinished(async () => {
    await node.close();
    await rm(directory, { recursive: true, force: true });
  });
  const obo = async (id: string, ...terms: readonly string[]) => {
    const file = join(directory, `${id}.obo`);
    const stanzas = terms.map((term) => {
      const [own, parent] = term.split('<');
      return `[Term]\nid: ${own}\nname: ${own} of ${id}\n${parent === undefined ? '' : `is_a: ${parent}\n`}`;
    });
    await writeFile(file, `format-version: 1.2\nontology: ${id}\n\n${stanzas.join('\n')}`);
    return file;
  };
  return { node, obo };
}

async function soAndGeno() {
  const { node, obo } = await freshNode();
  const so = await obo('so', 'SO:1', 'SO:2<SO:1', 'SO:3<SO:2');
  const geno = await obo('geno', 'GENO:1', 'GENO:2<GENO:1', 'GENO:3<SO:3', 'SO:3<GENO:1', 'XX:1');
  return { node, so, geno };
}

test.each(['before', 'after'])(
  'a vocabulary keeps its own terms, loaded %s one that imports some',
  async (when) => {
    const { node, so, geno } = await soAndGeno();
    for (const file of when === 'before' ? [so, geno] : [geno, so]) await node.ontologies.add([file]);
    expect(await node.ontologies.term('SO:3')).toMatchObject({ label: 'SO:3 of so', parents: ['SO:2'] });
    expect((await node.records.descendants('SO:1')).toSorted()).toEqual(['GENO:3', 'SO:1', 'SO:2', 'SO:3']);
    expect(await node.ontologies.list()).toMatchObject([
      { id: 'geno', terms: 4 },
      { id: 'so', terms: 3 },
    ]);
  },
);

test('what is told to be added is what is listed', async () => {
  const { node, so, geno } = await soAndGeno();
  const added = await node.ontologies.add([so, geno]);
  expect(added.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(await node.ontologies.list());
});

test('a newer version of an ontology replaces also what it alone imported', async () => {
  const { node, obo } = await freshNode();
  await node.ontologies.add([await obo('geno', 'GENO:1', 'GENO:2', 'SO:3<GENO:1')]);
  await node.ontologies.add([await obo('geno', 'GENO:1', 'GENO:2', 'SO:3<GENO:2')]);
  expect(await node.ontologies.term('SO:3')).toMatchObject({ parents: ['GENO:2'] });
});
