import type { DisclosedFrequency, VariantFrequencies } from '@federome/client';
import { formatVariant } from '@federome/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../language/use-format.ts';
import { isWhole } from './country-values.ts';
import { frequencyAttribute, Suppressed } from './FrequencyTable.tsx';
import { logShare } from './scale.ts';

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
            <th scope="col" className="number">
              {t('frequencies.af')}
            </th>
            <th scope="col" className="number">
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
              <FrequencyCells frequency={frequency} lowest={lowest} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-country="all" data-frequency={frequencyAttribute(variant.total)}>
            <th scope="row">{t('frequencies.total')}</th>
            <FrequencyCells frequency={variant.total} lowest={lowest} />
          </tr>
        </tfoot>
      </table>
      <p className="quiet small">{t('frequencies.suppressedWhy')}</p>
    </div>
  );
}

function FrequencyCells({
  frequency,
  lowest,
}: {
  readonly frequency: DisclosedFrequency;
  readonly lowest: number;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (frequency.kind === 'suppressed') {
    return (
      <>
        <td className="number">
          <Suppressed />
        </td>
        <td />
        {ZYGOSITIES.map((zygosity) => (
          <td key={zygosity} className="wide-only" />
        ))}
      </>
    );
  }
  const { counts, alleleFrequency, withheld } = frequency;
  return (
    <>
      <td className="number">
        {format.frequency(alleleFrequency)}
        <span className="bar" style={{ inlineSize: `${100 * logShare(alleleFrequency, lowest)}%` }} />
      </td>
      <td className="number">
        {format.count(counts.ac)} / {format.count(counts.an)}
      </td>
      {ZYGOSITIES.map((zygosity) => (
        <td key={zygosity} className="number wide-only">
          {withheld?.includes(zygosity) ? t('frequencies.withheld') : format.count(counts[zygosity])}
        </td>
      ))}
    </>
  );
}
