import type { CountryValue } from '../answer/country-values.ts';

/** What the numbers of the map are. */
export type MapSubject = 'genomes' | 'people' | 'frequency';

/** Members' countries with their values; whoever is not among them is no member. */
export interface MapPanelProps {
  readonly values: readonly CountryValue[];
  readonly shows: MapSubject;
  /** Whose frequency is shown. */
  readonly variant?: string | undefined;
}
