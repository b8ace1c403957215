import type { DisclosedFrequency, VariantFrequencies } from '@federome/client';
import { formatVariant } from '@federome/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../language/use-format.ts';
import { frequencyAttribute } from './attributes.ts';
import { isWhole } from './country-values.ts';
import { Axis, Dots, Suppressed } from './FrequencyAxis.tsx';

interface FrequencyDetailProps {
  readonly variant: VariantFrequencies;
  readonly lowest: number;
}

const ZYGOSITIES = ['hom', 'het', 'hemi'] as const;

/** One variant: a row for each group of each member, and the total. */
export function FrequencyDetail({ variant, lowest }: FrequencyDetailProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const groups = [...variant.byMember].sort(
    (a, b) =>
      format.compare(format.country(a.country), format.country(b.country)) ||
      Number(isWhole(b.population, b.country)) - Number(isWhole(a.population, a.country)) ||
      format.compare(a.population, b.population),
  );
  const name = formatVariant(variant.variant);
  return (
    <div className="frequency-detail">
      <table className="table" data-variant={name}>
        <caption className="mono">{t('frequencies.detail', { variant: name })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('frequencies.group')}</th>
            <th scope="col" className="wide-only">
              <Axis lowest={lowest} />
            </th>
            <th scope="col" className="number">
              {t('frequencies.af')}
            </th>
            <th scope="col" className="number not-narrow">
              {t('frequencies.ac')} / {t('frequencies.an')}
            </th>
            {ZYGOSITIES.map((zygosity) => (
              <th key={zygosity} scope="col" className="number wide-only">
                {t(`frequencies.${zygosity}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map(({ member, country, population, frequency }) => (
            <tr
              key={`${member} ${population}`}
              data-country={country}
              data-population={population}
              data-frequency={frequencyAttribute(frequency)}
            >
              <th scope="row">
                {format.country(country)}
                {!isWhole(population, country) && <span className="row-note">{population}</span>}
              </th>
              <FrequencyCells frequency={frequency} total={variant.total} lowest={lowest} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-country="all" data-frequency={frequencyAttribute(variant.total)}>
            <th scope="row">{t('frequencies.total')}</th>
            <FrequencyCells frequency={variant.total} total={variant.total} lowest={lowest} />
          </tr>
        </tfoot>
      </table>
      <p className="quiet small">{t('frequencies.suppressedWhy')}</p>
    </div>
  );
}

function FrequencyCells({
  frequency,
  total,
  lowest,
}: {
  readonly frequency: DisclosedFrequency;
  readonly total: DisclosedFrequency;
  readonly lowest: number;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (frequency.kind === 'suppressed') {
    return (
      <>
        <td className="wide-only" />
        <td className="number">
          <Suppressed />
        </td>
        <td className="not-narrow" />
        {ZYGOSITIES.map((zygosity) => (
          <td key={zygosity} className="wide-only" />
        ))}
      </>
    );
  }
  const { counts, alleleFrequency, withheld } = frequency;
  const alleles = `${format.count(counts.ac)} / ${format.count(counts.an)}`;
  return (
    <>
      <td className="wide-only">
        <Dots
          label={format.frequency(alleleFrequency)}
          lowest={lowest}
          dots={frequency === total ? [] : [{ name: '', frequency }]}
          total={total}
        />
      </td>
      <td className="number">
        {format.frequency(alleleFrequency)}
        <span className="row-note narrow-only">{alleles}</span>
      </td>
      <td className="number not-narrow">{alleles}</td>
      {ZYGOSITIES.map((zygosity) => (
        <td key={zygosity} className="number wide-only">
          {withheld?.includes(zygosity) ? t('frequencies.withheld') : format.count(counts[zygosity])}
        </td>
      ))}
    </>
  );
}
