import type { NetworkAnswer, VariantFrequencies } from '@federome/client';
import { formatVariant } from '@federome/core';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../design/Segments.tsx';
import { useFormat } from '../language/use-format.ts';
import { MapPanel } from '../map/MapPanel.tsx';
import type { Question } from '../question/question.ts';
import { AskedQuestion } from './AskedQuestion.tsx';
import { CountryTable } from './CountryTable.tsx';
import { frequencyByCountry, peopleByCountry } from './country-values.ts';
import { Downloads } from './Downloads.tsx';
import { FrequencySection } from './FrequencySection.tsx';
import { Headline, useHeadlineText } from './Headline.tsx';
import { Notes } from './Notes.tsx';

interface AnswerViewProps {
  readonly answer: NetworkAnswer;
  readonly question: Question | undefined;
}

/** The answer: a sentence, what is missing from it, the map, the table, the frequencies. */
export function AnswerView({ answer, question }: AnswerViewProps): ReactNode {
  const format = useFormat();
  const { t } = useTranslation();
  const headline = useHeadlineText();
  const [chosen, setChosen] = useState<VariantFrequencies | undefined>(answer.variants[0]);
  return (
    <>
      <Headline title={headline(answer)}>
        <p className="answer-asked">
          {question !== undefined && <AskedQuestion question={question} />}
          <span className="quiet">{t('answer.elapsed', { time: format.duration(answer.elapsedMs) })}</span>
        </p>
        <Notes answer={answer} />
      </Headline>
      <div className="answer-places">
        <AnswerMap answer={answer} variant={chosen} />
        <div className="answer-table">
          <CountryTable answer={answer} />
          <Downloads answer={answer} />
        </div>
      </div>
      {answer.question.variant !== undefined && (
        <FrequencySection answer={answer} chosen={chosen} onChoose={setChosen} />
      )}
    </>
  );
}

function AnswerMap({
  answer,
  variant,
}: {
  readonly answer: NetworkAnswer;
  readonly variant: VariantFrequencies | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<'people' | 'frequency'>('people');
  const shows = variant === undefined ? 'people' : wanted;
  const values = useMemo(
    () => (shows === 'frequency' && variant ? frequencyByCountry(answer, variant) : peopleByCountry(answer)),
    [answer, variant, shows],
  );
  return (
    <div className="answer-map">
      {variant !== undefined && (
        <Segments
          label={t('map.show')}
          isLabelHidden
          value={wanted}
          onChange={setWanted}
          options={[
            { value: 'people', label: t('map.showPeople') },
            { value: 'frequency', label: t('map.showFrequency') },
          ]}
        />
      )}
      <MapPanel values={values} shows={shows} variant={variant && formatVariant(variant.variant)} />
    </div>
  );
}
