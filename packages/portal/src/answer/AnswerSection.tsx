import type { NetworkAnswer, NetworkOverview } from '@federome/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../language/use-format.ts';
import { MapPanel } from '../map/MapPanel.tsx';
import type { Asked } from '../question/use-asked-question.ts';
import { AnswerView } from './AnswerView.tsx';
import type { CountryValue } from './country-values.ts';
import { Failure } from './Failure.tsx';
import { Headline, useHeadlineText } from './Headline.tsx';

interface AnswerSectionProps {
  readonly asked: Asked;
  readonly answer: UseQueryResult<NetworkAnswer>;
  readonly overview: NetworkOverview | undefined;
}

/** What is below the question: who can be asked, that it is being asked, the answer, or why there is none. */
export function AnswerSection({ asked, answer, overview }: AnswerSectionProps): ReactNode {
  const { t } = useTranslation();
  const section = useRef<HTMLElement>(null);
  const { serial } = asked;
  useEffect(() => {
    if (serial === 0 || location.hash.length < 2) return;
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
    section.current?.scrollIntoView({ block: 'start', behavior });
  }, [serial]);
  return (
    <section className="answer" ref={section} aria-label={t('answer.heading')} aria-busy={answer.isFetching}>
      <Announcement answer={answer} overview={overview} />
      <AnswerBody asked={asked} answer={answer} overview={overview} />
    </section>
  );
}

function AnswerBody({ asked, answer, overview }: AnswerSectionProps): ReactNode {
  const { t } = useTranslation();
  const countries = countriesOf(overview);
  if (answer.isFetching) {
    return (
      <>
        <Headline title={t('answer.asking', { count: countries.length })} />
        <div className="answer-places">
          <div className="answer-map">
            <MapPanel values={countries.map((country) => ({ country, state: 'asking' }))} shows="people" />
          </div>
          <AskedCountries countries={countries} />
        </div>
      </>
    );
  }
  if (answer.isError) return <Failure error={answer.error} onRetry={() => void answer.refetch()} />;
  if (answer.data !== undefined) {
    return <AnswerView key={asked.serial} answer={answer.data} question={asked.question} />;
  }
  return (
    <div className="answer-empty">
      <Headline title={t('answer.empty')} text={t('answer.emptyText')}>
        <ul className="how">
          {HOW.map((name) => (
            <li key={name}>{t(`answer.how.${name}`)}</li>
          ))}
        </ul>
      </Headline>
      <MapPanel values={genomesByCountry(overview)} shows="genomes" />
    </div>
  );
}

const HOW = ['local', 'small', 'late'] as const;

/** Stands where the table will be, so that nothing jumps when the answer comes. */
function AskedCountries({ countries }: { readonly countries: readonly string[] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const names = countries.map((country) => format.country(country)).sort(format.compare);
  return (
    <ul className="asked-countries">
      {names.map((name) => (
        <li key={name}>
          <strong>{name}</strong> <span className="quiet">{t('state.asking')}</span>
        </li>
      ))}
    </ul>
  );
}

/** Says aloud that the network is asked, and then the answer's headline, once. */
function Announcement({ answer, overview }: Omit<AnswerSectionProps, 'asked'>): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const headline = useHeadlineText();
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (answer.isFetching) setAsked(true);
  }, [answer.isFetching]);
  const text = (): string => {
    if (!isAsked) return '';
    if (answer.isFetching) return t('answer.asking', { count: countriesOf(overview).length });
    if (answer.data === undefined) return '';
    return `${headline(answer.data)}, ${t('answer.elapsed', { time: format.duration(answer.data.elapsedMs) })}`;
  };
  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-testid="announcement">
      {text()}
    </p>
  );
}

function countriesOf(overview: NetworkOverview | undefined): string[] {
  return [...new Set(overview?.members.map((member) => member.country))];
}

function genomesByCountry(overview: NetworkOverview | undefined): CountryValue[] {
  return (overview?.members ?? []).map(({ country, state, genomes }) => ({ country, state, count: genomes }));
}
