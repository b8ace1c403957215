import type { NetworkAnswer, VariantFrequencies } from '@federome/client';
import { formatVariant } from '@federome/core';
import { type ReactNode, useMemo, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { FrequencyDetail } from './FrequencyDetail.tsx';
import { FrequencyTable } from './FrequencyTable.tsx';
import { lowestDecade } from './scale.ts';

const FIRST = 10;
const STEP = 50;

interface FrequencySectionProps {
  readonly answer: NetworkAnswer;
  readonly chosen: VariantFrequencies | undefined;
  readonly onChoose: (variant: VariantFrequencies) => void;
}

/** Allele frequencies of the variants that match: in total for each, and by country for the chosen one. */
export function FrequencySection({ answer, chosen, onChoose }: FrequencySectionProps): ReactNode {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(FIRST);
  const { variants, variantsOmitted = 0 } = answer;
  const lowest = useMemo(() => lowestDecade(variants.flatMap(shownFrequencies)), [variants]);
  const isOfSelection = answer.variantsOf === 'selection';
  const rest = variants.length - limit;
  return (
    <section className="frequencies" aria-labelledby="frequencies-title">
      <h3 id="frequencies-title">{t('frequencies.heading')}</h3>
      {variants.length === 0 ? (
        <p className="lead">{t('frequencies.none')}</p>
      ) : (
        <p className="lead">{t('frequencies.text')}</p>
      )}
      {variants.length > 0 && (answer.question.filters?.length ?? 0) > 0 && (
        <p className="of-whom" data-variants-of={answer.variantsOf}>
          <Icon name="problem" /> {t(isOfSelection ? 'frequencies.ofSelection' : 'frequencies.ofEveryone')}
        </p>
      )}
      {variants.length > 0 && (
        <FrequencyTable
          variants={variants}
          limit={limit}
          lowest={lowest}
          chosen={chosen}
          onChoose={onChoose}
        />
      )}
      {rest > 0 && (
        <Button className="button-quiet" onPress={() => setLimit(limit + STEP)}>
          {t('frequencies.more', { count: Math.min(rest, STEP) })}
        </Button>
      )}
      {variantsOmitted > 0 && (
        <p className="quiet small">{t('frequencies.omitted', { count: variantsOmitted })}</p>
      )}
      {chosen !== undefined && (
        <FrequencyDetail key={formatVariant(chosen.variant)} variant={chosen} lowest={lowest} />
      )}
    </section>
  );
}

function shownFrequencies({ byMember, total }: VariantFrequencies): number[] {
  return [total, ...byMember.map(({ frequency }) => frequency)].flatMap((frequency) =>
    frequency.kind === 'shown' ? [frequency.alleleFrequency] : [],
  );
}
