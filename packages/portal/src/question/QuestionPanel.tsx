import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { Segments } from '../design/Segments.tsx';
import { AgeFields } from './AgeFields.tsx';
import { Examples } from './Examples.tsx';
import { ASKED_SEXES, EMPTY_QUESTION, problemOf, type Question } from './question.ts';
import { TermsField } from './TermsField.tsx';
import { VariantField } from './VariantField.tsx';

interface QuestionPanelProps {
  readonly asked: Question | undefined;
  readonly onAsk: (question: Question | undefined) => void;
  /** How many will be asked; 0 while that is not known. */
  readonly countries: number;
  readonly isAsking: boolean;
}

/** The question as one sentence: how many people carry …, have …, are …, aged …. */
export function QuestionPanel({ asked, onAsk, countries, isAsking }: QuestionPanelProps): ReactNode {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question>(asked ?? EMPTY_QUESTION);
  const [wasSubmitted, setSubmitted] = useState(asked !== undefined);
  const [shown, setShown] = useState(asked);
  if (shown !== asked) {
    setShown(asked);
    setQuestion(asked ?? EMPTY_QUESTION);
    setSubmitted(asked !== undefined);
  }
  const title = useId();
  const change = (part: Partial<Question>) => setQuestion((before) => ({ ...before, ...part }));
  const problem = problemOf(question);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (problem === undefined && !isAsking) onAsk(question);
  };
  return (
    <form className="question" onSubmit={submit} aria-labelledby={title} noValidate>
      <h2 id={title} className="visually-hidden">
        {t('question.heading')}
      </h2>
      <p className="question-who">{t('question.who')}</p>
      <Clause word={t('question.carry')}>
        <VariantField question={question} onChange={change} wasSubmitted={wasSubmitted} />
      </Clause>
      <Clause word={t('question.have')}>
        <TermsField terms={question.terms} onChange={(terms) => change({ terms })} />
      </Clause>
      <div className="question-pair">
        <Clause word={t('question.are')}>
          <Segments
            label={t('question.sex')}
            value={question.sex ?? 'any'}
            onChange={(sex) => change({ sex: sex === 'any' ? undefined : sex })}
            options={[
              { value: 'any', label: t('question.anySex') },
              ...ASKED_SEXES.map((sex) => ({ value: sex, label: t(`question.${sex}`) })),
            ]}
          />
        </Clause>
        <Clause word={t('question.aged')}>
          <AgeFields question={question} onChange={change} />
        </Clause>
      </div>
      <div className="question-foot">
        <Button type="submit" className="button-ask" isPending={isAsking}>
          {askLabel()}
        </Button>
        <Button className="button-quiet" onPress={() => onAsk(undefined)}>
          {t('question.clear')}
        </Button>
        <p className="question-problem" role="alert">
          {wasSubmitted && problem === 'nothing-asked' && (
            <>
              <Icon name="problem" /> {t('problem.nothingAsked')}
            </>
          )}
        </p>
      </div>
      <Examples onChoose={onAsk} />
    </form>
  );

  function askLabel(): string {
    if (isAsking) return t('question.asking');
    return countries === 0 ? t('question.askNetwork') : t('question.ask', { count: countries });
  }
}

function Clause({ word, children }: { readonly word: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="clause">
      <span className="clause-word" aria-hidden="true">
        {word}
      </span>
      <div className="clause-field">{children}</div>
    </div>
  );
}
