import type {
  BeaconFilter,
  DisclosedFrequency,
  MemberAnswer,
  MemberState,
  NetworkAnswer,
  NetworkGene,
  NetworkOverview,
  NetworkQuestion,
  NetworkTerm,
  VariantFrequencies,
} from '@federome/client';
import {
  type AlleleCounts,
  carrierCount,
  DISCLOSURE_FLOOR,
  discloseCount,
  mergeAlleleCounts,
  NO_ALLELES,
  type Variant,
} from '@federome/core';

export const TERMS: readonly (NetworkTerm & { readonly parent?: string })[] = [
  { id: 'HP:0001250', label: 'Seizure', type: 'ontology' },
  { id: 'HP:0002197', label: 'Generalized-onset seizure', type: 'ontology', parent: 'HP:0001250' },
  { id: 'HP:0001638', label: 'Cardiomyopathy', type: 'ontology' },
  { id: 'HP:0001639', label: 'Hypertrophic cardiomyopathy', type: 'ontology', parent: 'HP:0001638' },
  { id: 'HP:0003002', label: 'Breast carcinoma', type: 'ontology' },
];

export const GENES: readonly NetworkGene[] = [
  { symbol: 'BRCA1', assembly: 'GRCh38', contig: '17', start: 43_044_294, end: 43_170_245 },
  { symbol: 'BRCA2', assembly: 'GRCh38', contig: '13', start: 32_315_085, end: 32_400_268 },
  { symbol: 'MYBPC3', assembly: 'GRCh38', contig: '11', start: 47_331_405, end: 47_352_702 },
  { symbol: 'SCN1A', assembly: 'GRCh38', contig: '2', start: 165_989_159, end: 166_149_161 },
];

/** With how common each is in this made-up network. */
const VARIANTS: readonly (Variant & { readonly share: number })[] = [
  { contig: '17', position: 43_044_294, ref: 'A', alt: 'G', share: 0.21 },
  { contig: '17', position: 43_057_061, ref: 'T', alt: 'TG', share: 0.012 },
  { contig: '17', position: 43_091_433, ref: 'C', alt: 'A', share: 0.0015 },
  { contig: '11', position: 47_332_564, ref: 'G', alt: 'A', share: 0.03 },
  { contig: '2', position: 166_002_644, ref: 'C', alt: 'T', share: 0.004 },
];

interface Person {
  readonly sex: string;
  readonly age: number;
  readonly terms: ReadonlySet<string>;
  /** Copies of the alternate allele, by variant. */
  readonly copies: readonly (0 | 1 | 2)[];
}

interface Member {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly people: readonly Person[];
}

const MEMBERS: readonly Member[] = (
  [
    ['EE', 'Estonian test node', 2_400],
    ['ES', 'Spanish test node', 5_200],
    ['FI', 'Finnish test node', 3_100],
    ['IT', 'Italian test node', 4_300],
    ['LU', 'Luxembourg test node', 120],
  ] as const
).map(([country, name, size], seed) => ({
  id: country.toLowerCase(),
  name,
  country,
  people: peopleOf(seed + 1, size),
}));

/** Countries of the network, in the order of its answers. */
export const COUNTRIES: readonly string[] = MEMBERS.map(({ country }) => country);

export const REASONS: Readonly<Record<Exclude<MemberState, 'answered'>, string>> = {
  refused: 'This node answers registered researchers only.',
  'timed-out': 'No answer within 3 seconds.',
  unreachable: 'The connection was refused.',
  'invalid-answer': 'The answer does not follow the Beacon schema.',
};

export function overviewOf(states: ReadonlyMap<string, MemberState>): NetworkOverview {
  const members = MEMBERS.map(({ id, name, country, people }) => ({
    id,
    name,
    country,
    url: `https://${id}.example.org/`,
    state: states.get(country) ?? 'answered',
    genomes: discloseCount(people.length, DISCLOSURE_FLOOR),
    datasets: 1,
  }));
  const genomes = MEMBERS.reduce((sum, { people }) => sum + people.length, 0);
  return { name: 'Test genome network', members, progress: { genomes, target: 1_000_000 } };
}

/** People who match, counted one by one; `undefined` asks for everyone. */
export function trueCount(country: string, question: NetworkQuestion): number {
  const { people } = MEMBERS.find((member) => member.country === country)!;
  const variants = matchingVariants(question);
  return people.filter(
    (person) =>
      (question.filters ?? []).every((filter) => hasFeature(person, filter)) &&
      (question.variant === undefined || variants.some((index) => person.copies[index]! > 0)),
  ).length;
}

/** The whole network's answer, as a hub gives it: every member's own disclosure applied, then merged. */
export function answerOf(question: NetworkQuestion, states: ReadonlyMap<string, MemberState>): NetworkAnswer {
  const members = MEMBERS.map((member) =>
    memberAnswer(member, question, states.get(member.country) ?? 'answered'),
  );
  const shown = members.flatMap(({ people }) => (people?.kind === 'shown' ? [people.value] : []));
  const suppressed = members.filter(({ people }) => people?.kind === 'suppressed').length;
  const answering = MEMBERS.filter(({ country }) => (states.get(country) ?? 'answered') === 'answered');
  return {
    question,
    deadlineMs: 3_000,
    elapsedMs: Math.max(...members.map(({ elapsedMs }) => elapsedMs)),
    members,
    total: {
      exists: shown.length > 0,
      people:
        shown.length > 0
          ? { kind: 'shown', value: shown.reduce((sum, value) => sum + value, 0) }
          : { kind: 'suppressed', below: DISCLOSURE_FLOOR.countThreshold },
      answered: answering.length,
      suppressed,
    },
    variants: matchingVariants(question)
      .map((index) => frequenciesOf(index, answering))
      .sort((a, b) => shownFrequency(b.total) - shownFrequency(a.total)),
  };
}

function memberAnswer(
  { id, name, country }: Member,
  question: NetworkQuestion,
  state: MemberState,
): MemberAnswer {
  if (state !== 'answered') {
    const reason = { code: `client/${state}`, message: REASONS[state] };
    return { id, name, country, state, reason, elapsedMs: state === 'timed-out' ? 3_000 : 12 };
  }
  const people = discloseCount(trueCount(country, question), DISCLOSURE_FLOOR);
  return {
    id,
    name,
    country,
    state,
    elapsedMs: 40 + id.charCodeAt(0),
    exists: people.kind === 'shown',
    people,
  };
}

function hasFeature(person: Person, { id, operator, value }: BeaconFilter): boolean {
  if (id === 'NCIT:C16576') return person.sex === 'female';
  if (id === 'NCIT:C20197') return person.sex === 'male';
  if (id === 'NCIT:C45908') return person.sex === 'other';
  if (id === 'age') {
    const years = Number(/^P(\d+)Y$/.exec(value ?? '')?.[1]);
    return operator === '>=' ? person.age >= years : person.age < years;
  }
  return person.terms.has(id) || TERMS.some((term) => term.parent === id && person.terms.has(term.id));
}

function matchingVariants({ variant }: NetworkQuestion): number[] {
  if (variant === undefined) return [];
  const gene = GENES.find(({ symbol }) => symbol === variant.geneId);
  const contig = gene?.contig ?? variant.referenceName;
  const start = gene?.start ?? variant.start?.[0] ?? 0;
  const end = gene?.end ?? variant.end?.[0] ?? start + 1;
  return VARIANTS.flatMap((one, index) => {
    const isInside = one.contig === contig && one.position < end && one.position + one.ref.length > start;
    const isAllele = variant.alternateBases === undefined || variant.alternateBases === one.alt;
    return isInside && isAllele && variant.assemblyId !== 'GRCh37' ? [index] : [];
  });
}

function frequenciesOf(index: number, members: readonly Member[]): VariantFrequencies {
  const byMember = members.map((member) => {
    const counts = member.people.reduce(
      (sum, { copies }) => mergeAlleleCounts(sum, countsOf(copies[index]!)),
      NO_ALLELES,
    );
    const frequency = disclose(counts, member.people.length);
    return { member: member.id, country: member.country, population: 'all', frequency };
  });
  const shown = byMember.flatMap(({ frequency }) => (frequency.kind === 'shown' ? [frequency.counts] : []));
  const { share: _, ...variant } = VARIANTS[index]!;
  const sum = shown.reduce(mergeAlleleCounts, NO_ALLELES);
  return {
    variant: { assembly: 'GRCh38', ...variant },
    byMember,
    total:
      shown.length === 0
        ? { kind: 'suppressed' }
        : { kind: 'shown', counts: sum, alleleFrequency: sum.ac / sum.an },
  };
}

function countsOf(copies: 0 | 1 | 2): AlleleCounts {
  return { ...NO_ALLELES, ac: copies, an: 2, hom: copies === 2 ? 1 : 0, het: copies === 1 ? 1 : 0 };
}

function disclose(counts: AlleleCounts, people: number): DisclosedFrequency {
  const minor = Math.min(counts.ac, counts.an - counts.ac);
  const isEnough =
    minor >= DISCLOSURE_FLOOR.frequencyMinorCount && people >= DISCLOSURE_FLOOR.frequencyMinPeople;
  if (!isEnough || carrierCount(counts) === 0) return { kind: 'suppressed' };
  return { kind: 'shown', counts, alleleFrequency: counts.ac / counts.an };
}

function shownFrequency(frequency: DisclosedFrequency): number {
  return frequency.kind === 'shown' ? frequency.alleleFrequency : -1;
}

/** Reproducible people; those of every country differ by their seed. */
function peopleOf(seed: number, size: number): Person[] {
  let state = seed * 2_654_435_761;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const tilt = 0.5 + seed * 0.25;
  return Array.from({ length: size }, () => ({
    sex: random() < 0.51 ? 'female' : 'male',
    age: Math.floor(random() * 95),
    terms: new Set(TERMS.filter(() => random() < 0.02 * tilt).map(({ id }) => id)),
    copies: VARIANTS.map(({ share }) => {
      const copies = Number(random() < share * tilt) + Number(random() < share * tilt);
      return copies === 2 ? 2 : copies === 1 ? 1 : 0;
    }),
  }));
}
