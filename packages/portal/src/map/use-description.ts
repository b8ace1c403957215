import { useTranslation } from 'react-i18next';
import type { CountryValue } from '../answer/country-values.ts';
import { useFormat } from '../language/use-format.ts';
import type { MapSubject } from './map-panel-props.ts';

/** What the map says of a country in words. */
export function useDescription(shows: MapSubject): (value: CountryValue) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ state, count, frequency, reason }) => {
    if (state !== 'answered' && count === undefined) {
      return reason === undefined ? t(`state.${state}`) : `${t(`state.${state}`)}; ${reason}`;
    }
    if (shows === 'frequency') {
      if (frequency === undefined) return t('map.noVariant');
      if (frequency.kind === 'suppressed') return t('map.frequencyHidden');
      return t('map.frequencyValue', { value: format.frequency(frequency.alleleFrequency) });
    }
    if (count === undefined) return t('table.notGiven');
    if (shows === 'genomes') {
      if (count.kind === 'suppressed') return t('progress.fewGenomes', { below: count.below });
      return t('progress.genomes', { count: count.value });
    }
    if (count.kind === 'suppressed') return t('map.fewPeople', { below: count.below });
    return t('map.people', { count: count.value });
  };
}
