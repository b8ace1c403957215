import type { DisclosedFrequency } from '@federome/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { useFormat } from '../language/use-format.ts';
import { logShare } from './scale.ts';

/** Decades from the lowest to 1, as the head of a column of `Dots`. */
export function Axis({ lowest }: { readonly lowest: number }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const decades = Math.round(-Math.log10(lowest));
  const every = decades > 5 ? 2 : 1;
  return (
    <span className="axis" title={t('frequencies.axis')}>
      <span className="visually-hidden">{t('frequencies.axis')}</span>
      {Array.from({ length: decades + 1 }, (_, index) => 10 ** (index - decades)).map(
        (value, index) =>
          (decades - index) % every === 0 && (
            <span
              key={value}
              className="axis-tick"
              aria-hidden="true"
              style={{ insetInlineStart: `${(100 * index) / decades}%` }}
            >
              {format.tick(value)}
            </span>
          ),
      )}
    </span>
  );
}

interface DotsProps {
  /** Said to whoever cannot see the dots. */
  readonly label: string;
  readonly lowest: number;
  readonly dots: readonly { readonly name: string; readonly frequency: DisclosedFrequency | undefined }[];
  /** A line across. */
  readonly total: DisclosedFrequency;
}

/** Frequencies as dots on a logarithmic line; those that are suppressed have none. */
export function Dots({ label, lowest, dots, total }: DotsProps): ReactNode {
  const format = useFormat();
  const placeOf = (frequency: number) => ({ insetInlineStart: `${100 * logShare(frequency, lowest)}%` });
  return (
    <span className="dots" role="img" aria-label={label}>
      {total.kind === 'shown' && <span className="dot-total" style={placeOf(total.alleleFrequency)} />}
      {dots.map(
        ({ name, frequency }) =>
          frequency?.kind === 'shown' && (
            <span
              key={name}
              className="dot"
              title={`${name} ${format.frequency(frequency.alleleFrequency)}`}
              style={placeOf(frequency.alleleFrequency)}
            />
          ),
      )}
    </span>
  );
}

/** The word itself: a hidden frequency is not a small one. */
export function Suppressed(): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="suppressed" title={t('frequencies.suppressedWhy')}>
      <Icon name="hidden" /> {t('frequencies.suppressed')}
    </span>
  );
}
