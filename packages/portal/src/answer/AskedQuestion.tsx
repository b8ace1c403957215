import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTermLabel } from '../network/use-suggestions.ts';
import type { Question } from '../question/question.ts';

/** The question that the answer is to, in short. */
export function AskedQuestion({ question }: { readonly question: Question }): ReactNode {
  const { t } = useTranslation();
  const { about, assembly, terms, sex, ageFrom, ageTo } = question;
  return (
    <>
      {about !== '' && (
        <span className="asked-part mono">
          {about} <span className="quiet">{assembly}</span>
        </span>
      )}
      {terms.map((term) => (
        <AskedTerm key={term} id={term} />
      ))}
      {sex !== undefined && <span className="asked-part">{t(`question.${sex}`)}</span>}
      {(ageFrom !== undefined || ageTo !== undefined) && (
        <span className="asked-part">
          {ageFrom ?? 0}–{ageTo ?? '∞'} {t('question.years')}
        </span>
      )}
    </>
  );
}

function AskedTerm({ id }: { readonly id: string }): ReactNode {
  return <span className="asked-part">{useTermLabel(id)}</span>;
}
