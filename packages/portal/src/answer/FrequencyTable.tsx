import type { DisclosedFrequency, VariantFrequencies } from '@federome/client';
import { compareVariants, formatVariant } from '@federome/core';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../language/use-format.ts';
import { frequencyAttribute } from './attributes.ts';
import { countryFrequency } from './country-values.ts';
import { Axis, Dots, Suppressed } from './FrequencyAxis.tsx';
import { SortHeader } from './SortHeader.tsx';
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
          <th scope="col" className="number not-narrow">
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
  const countries = useCountries(variant);
  const alleles =
    total.kind === 'shown' && `${format.count(total.counts.ac)} / ${format.count(total.counts.an)}`;
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
        <Dots {...countries} lowest={lowest} total={total} />
      </td>
      <td className="number">
        {total.kind === 'shown' ? format.frequency(total.alleleFrequency) : <Suppressed />}
        <span className="row-note narrow-only">{alleles}</span>
      </td>
      <td className="number not-narrow">{alleles}</td>
    </tr>
  );
}

/** Every country of a variant with its frequency, and all of it in words. */
function useCountries(variant: VariantFrequencies): Pick<ComponentProps<typeof Dots>, 'label' | 'dots'> {
  const { t } = useTranslation();
  const format = useFormat();
  const dots = [...new Set(variant.byMember.map(({ country }) => country))].map((country) => ({
    name: format.country(country),
    frequency: countryFrequency(variant, country),
  }));
  const words = dots.map(({ name, frequency }) =>
    frequency?.kind === 'shown'
      ? `${name} ${format.frequency(frequency.alleleFrequency)}`
      : `${name} ${t('frequencies.suppressed')}`,
  );
  const label = t('frequencies.plot', { variant: formatVariant(variant.variant), values: words.join(', ') });
  return { label, dots };
}

function rankOf(frequency: DisclosedFrequency): number {
  return frequency.kind === 'shown' ? frequency.alleleFrequency : -1;
}
