import type { DisclosedFrequency, VariantFrequencies } from '@federome/client';
import { formatVariant } from '@federome/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../language/use-format.ts';
import { frequencyAttribute } from './attributes.ts';
import { isWhole, sexOfPopulation } from './country-values.ts';
import { Axis, Dots, Suppressed } from './FrequencyAxis.tsx';

interface FrequencyDetailProps {
  readonly variant: VariantFrequencies;
  readonly lowest: number;
}

const ZYGOSITIES = ['hom', 'het', 'hemi'] as const;

type Group = VariantFrequencies['byMember'][number];

/**
 * One variant: a row for each member, below it one for each part of its people that is shown, and the total. Parts that
 * are suppressed are named in their member's row.
 */
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
  const partName = ({ population, country }: Group): string => {
    const sex = sexOfPopulation(population, country);
    return sex === undefined ? population : t(`question.${sex}`);
  };
  const isPart = (group: Group): boolean =>
    !isWhole(group.population, group.country) &&
    groups.some(({ member, population, country }) => member === group.member && isWhole(population, country));
  const isFolded = (group: Group): boolean => isPart(group) && group.frequency.kind === 'suppressed';
  const noteOf = (group: Group): string | undefined => {
    if (!isWhole(group.population, group.country)) return isPart(group) ? undefined : partName(group);
    const folded = groups.filter((each) => each.member === group.member && isFolded(each));
    if (folded.length === 0) return undefined;
    return `${format.list(folded.map(partName))}: ${t('frequencies.suppressed')}`;
  };
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
          {groups
            .filter((group) => !isFolded(group))
            .map((group) => (
              <tr
                key={`${group.member} ${group.population}`}
                data-country={group.country}
                data-population={group.population}
                data-part={isPart(group) || undefined}
                data-frequency={frequencyAttribute(group.frequency)}
              >
                <th scope="row">
                  {isPart(group) ? (
                    <>
                      <span className="visually-hidden">{format.country(group.country)}: </span>
                      {partName(group)}
                    </>
                  ) : (
                    format.country(group.country)
                  )}
                  {noteOf(group) !== undefined && <span className="row-note">{noteOf(group)}</span>}
                </th>
                <FrequencyCells frequency={group.frequency} total={variant.total} lowest={lowest} />
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
      {[variant.total, ...groups.map(({ frequency }) => frequency)].some(
        ({ kind }) => kind === 'suppressed',
      ) && <p className="quiet small">{t('frequencies.suppressedWhy')}</p>}
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
