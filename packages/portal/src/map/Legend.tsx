import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CountryValue } from '../answer/country-values.ts';
import type { ClassScale } from '../answer/scale.ts';
import { Icon } from '../design/Icon.tsx';
import { useFormat } from '../language/use-format.ts';
import type { MapSubject } from './map-panel-props.ts';

interface LegendProps {
  readonly values: readonly CountryValue[];
  readonly scale: ClassScale;
  readonly shows: MapSubject;
}

/** The classes of the scale, and of the other looks those that the map has. */
export function Legend({ values, scale, shows }: LegendProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const write = shows === 'frequency' ? format.frequency : format.count;
  const hasNumbers = values.some(({ count, frequency }) => (frequency ?? count)?.kind === 'shown');
  const hasHidden = values.some(({ count, frequency }) => (frequency ?? count)?.kind === 'suppressed');
  const states = new Set(values.map(({ state }) => state).filter((state) => state !== 'answered'));
  return (
    <ul className="legend" aria-label={t('map.legend')}>
      {hasNumbers &&
        scale.edges.slice(0, -1).map((edge, index) => (
          <li key={edge}>
            <span className="swatch" data-class={index} />
            {write(edge)}–{write(scale.edges[index + 1]!)}
          </li>
        ))}
      {hasHidden && (
        <li>
          <span className="swatch" data-look="hidden" />
          {t('map.hidden')}
        </li>
      )}
      {[...states].map((state) => (
        <li key={state}>
          <Icon name={state} />
          {t(`state.${state}`)}
        </li>
      ))}
      <li>
        <span className="swatch" data-look="none" />
        {t('map.notMember')}
      </li>
    </ul>
  );
}
