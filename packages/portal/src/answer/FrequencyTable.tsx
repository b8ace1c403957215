import type { DisclosedFrequency, VariantFrequencies } from '@federome/client';
import { compareVariants, formatVariant } from '@federome/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { useFormat } from '../language/use-format.ts';
import { countryFrequency } from './country-values.ts';
import { SortHeader } from './SortHeader.tsx';
import { logShare } from './scale.ts';
import type { Direction } from './summary.ts';

interface FrequencyTableProps {
  readonly variants: readonly VariantFrequencies[];
  readonly limit: number;
  /** Where the axis begins. */
  readonly lowest: number;
  readonly chosen: VariantFrequencies | undefined;
  readonly onChoose: (variant: VariantFrequencies) => void;
}

/** A row a variant: its frequency over all countries, and a dot for each country on one logarithmic axis. */
export function FrequencyTable({
  variants,
  limit,
  lowest,
  chosen,
  onChoose,
}: FrequencyTableProps): ReactNode {
  const { t } = useTranslation();
  const [order, setOrder] = useState<{ column: 'variant' | 'frequency'; direction: Direction }>({
    column: 'frequency',
    direction: 'descending',
  });
  const sign = order.direction === 'ascending' ? 1 : -1;
  const sorted = [...variants].sort((a, b) =>
    order.column === 'variant'
      ? sign * compareVariants(a.variant, b.variant)
      : sign * (rankOf(a.total) - rankOf(b.total)) || compareVariants(a.variant, b.variant),
  );
  const headOf = (column: 'variant' | 'frequency', label: string) => (
    <SortHeader
      label={label}
      isNumber={column === 'frequency'}
      direction={order.column === column ? order.direction : undefined}
      onSort={(direction) => setOrder({ column, direction })}
    />
  );
  return (
    <table className="table frequency-table">
      <caption className="visually-hidden">{t('frequencies.heading')}</caption>
      <thead>
        <tr>
          {headOf('variant', t('frequencies.variant'))}
          <th scope="col" className="wide-only">
            <Axis lowest={lowest} />
          </th>
          {headOf('frequency', t('frequencies.af'))}
          <th scope="col" className="number">
            {t('frequencies.ac')} / {t('frequencies.an')}
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.slice(0, limit).map((variant) => (
          <VariantRow
            key={formatVariant(variant.variant)}
            variant={variant}
            lowest={lowest}
            isChosen={variant === chosen}
            onChoose={() => onChoose(variant)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface VariantRowProps {
  readonly variant: VariantFrequencies;
  readonly lowest: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function VariantRow({ variant, lowest, isChosen, onChoose }: VariantRowProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const name = formatVariant(variant.variant);
  const { total } = variant;
  return (
    <tr data-variant={name} data-frequency={frequencyAttribute(total)} data-chosen={isChosen || undefined}>
      <th scope="row">
        <button
          type="button"
          className="variant-choice mono"
          aria-pressed={isChosen}
          title={t('frequencies.select', { variant: name })}
          onClick={onChoose}
        >
          {name}
        </button>
      </th>
      <td className="wide-only">
        <Dots variant={variant} lowest={lowest} name={name} />
      </td>
      <td className="number">
        {total.kind === 'shown' ? format.frequency(total.alleleFrequency) : <Suppressed />}
      </td>
      <td className="number">
        {total.kind === 'shown' && `${format.count(total.counts.ac)} / ${format.count(total.counts.an)}`}
      </td>
    </tr>
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

function Dots({
  variant,
  lowest,
  name,
}: Pick<VariantRowProps, 'variant' | 'lowest'> & { readonly name: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const countries = [...new Set(variant.byMember.map(({ country }) => country))].map((country) => ({
    country,
    frequency: countryFrequency(variant, country),
  }));
  const values = countries.map(({ country, frequency }) => {
    const shown =
      frequency?.kind === 'shown' ? format.frequency(frequency.alleleFrequency) : t('frequencies.suppressed');
    return `${format.country(country)} ${shown}`;
  });
  return (
    <span
      className="dots"
      role="img"
      aria-label={t('frequencies.plot', { variant: name, values: values.join(', ') })}
    >
      {countries.map(
        ({ country, frequency }) =>
          frequency?.kind === 'shown' && (
            <span
              key={country}
              className="dot"
              title={`${format.country(country)} ${format.frequency(frequency.alleleFrequency)}`}
              style={{ insetInlineStart: `${100 * logShare(frequency.alleleFrequency, lowest)}%` }}
            />
          ),
      )}
      {variant.total.kind === 'shown' && (
        <span
          className="dot-total"
          style={{ insetInlineStart: `${100 * logShare(variant.total.alleleFrequency, lowest)}%` }}
        />
      )}
    </span>
  );
}

/** Decades from the lowest to 1. */
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

export function frequencyAttribute(frequency: DisclosedFrequency): string {
  return frequency.kind === 'shown' ? String(frequency.alleleFrequency) : 'suppressed';
}

function rankOf(frequency: DisclosedFrequency): number {
  return frequency.kind === 'shown' ? frequency.alleleFrequency : -1;
}
