import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { FormatError } from '../errors.ts';
import { positionIn } from '../json/locate.ts';
import { commonPrefix, completed, type Ontology, type StatedTerm, termId } from './term-row.ts';

const list = <Item extends TSchema>(item: Item) => Type.Optional(Type.Array(item));

const Property = Type.Object({ pred: Type.String(), val: Type.Unknown() });

const Node = Type.Object({
  id: Type.String({ minLength: 1 }),
  lbl: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
  meta: Type.Optional(
    Type.Object({
      deprecated: Type.Optional(Type.Boolean()),
      synonyms: list(Type.Object({ val: Type.String() })),
      basicPropertyValues: list(Property),
    }),
  ),
});

const Graph = Type.Object({
  id: Type.Optional(Type.String()),
  meta: Type.Optional(
    Type.Object({ version: Type.Optional(Type.String()), basicPropertyValues: list(Property) }),
  ),
  nodes: Type.Array(Node),
  edges: list(Type.Object({ sub: Type.String(), pred: Type.String(), obj: Type.String() })),
});

const Obographs = Type.Object({ graphs: Type.Array(Graph, { minItems: 1 }) });

type Node = Static<typeof Node>;

/**
 * The classes of an OBO graphs document (https://github.com/geneontology/obographs). Properties and individuals are no
 * terms. ORDO's obsolete classes, which are not `deprecated` there but carry a reason for their obsolescence, count as
 * obsolete, replaced by the class that the reason names.
 *
 * @throws FormatError `formats/json`, `formats/ontology`
 */
export function parseObographs(text: string, file: string): Ontology {
  const document = parsed(text, file);
  if (!Value.Check(Obographs, document)) {
    const error = Value.Errors(Obographs, document)[0];
    throw new FormatError(
      'formats/ontology',
      `is no OBO graphs document: ${error?.instancePath || 'the document'} ${error?.message ?? ''}`,
      { location: { file } },
    );
  }
  const parents = new Map<string, string[]>();
  for (const { sub, pred, obj } of document.graphs.flatMap(({ edges }) => edges ?? [])) {
    if (pred !== 'is_a' && !pred.endsWith('#subClassOf')) continue;
    const of = parents.get(sub);
    if (of === undefined) parents.set(sub, [termId(obj)]);
    else of.push(termId(obj));
  }
  const nodes = document.graphs.flatMap((graph) => graph.nodes).filter(({ type }) => type === 'CLASS');
  const terms = completed(
    nodes.map((node) => termOf(node, parents.get(node.id) ?? [])),
    file,
  );
  return { id: commonPrefix(terms), version: versionOf(document.graphs[0]!), terms };
}

function termOf(node: Node, parents: readonly string[]): StatedTerm {
  const id = termId(node.id);
  const obsolescence = values(node, /reason_for_obsolescence$/);
  const replacement = values(node, /IAO_0100001$/)[0] ?? replacementIn(obsolescence[0]);
  return {
    id,
    label: node.lbl ?? id,
    parents: [...new Set(parents)].filter((parent) => parent !== id),
    alternateIds: values(node, /hasAlternativeId$/).map(termId),
    replacedBy: replacement === undefined ? undefined : termId(replacement),
    obsolete: node.meta?.deprecated === true || obsolescence.length > 0,
    synonyms: [...new Set((node.meta?.synonyms ?? []).map(({ val }) => val))],
  };
}

function replacementIn(reason: string | undefined): string | undefined {
  const named = new Set(reason?.match(/https?:\/\/www\.orpha\.net\/ORDO\/Orphanet_\d+/g) ?? []);
  return named.size === 1 ? [...named][0] : undefined;
}

function values(node: Node, predicate: RegExp): readonly string[] {
  return (node.meta?.basicPropertyValues ?? []).flatMap(({ pred, val }) =>
    predicate.test(pred) && typeof val === 'string' ? [val] : [],
  );
}

function versionOf(graph: Static<typeof Graph>): string {
  const info = (graph.meta?.basicPropertyValues ?? []).find(({ pred }) =>
    /[#_/]versionInfo$/.test(pred),
  )?.val;
  if (typeof info === 'string' && info !== '') return info;
  const iri = graph.meta?.version ?? '';
  return /\/releases\/([^/]+)\//.exec(iri)?.[1] ?? (iri === '' ? 'unknown' : iri);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : '';
    const truncated = /^Unexpected end|^Unterminated/.test(problem);
    const offset = truncated ? text.length : /at position (\d+)/.exec(problem)?.[1];
    const at = offset === undefined ? {} : positionIn(text, Number(offset), { line: 1, column: 1 });
    throw new FormatError(
      truncated ? 'formats/truncated' : 'formats/json',
      truncated ? 'ends inside the JSON document' : 'is not valid JSON',
      { location: { file, ...at }, cause },
    );
  }
}
