import type { NetworkAnswer } from '@federome/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { headlineOf } from './summary.ts';

interface HeadlineProps {
  readonly title: string;
  readonly text?: string | undefined;
  readonly children?: ReactNode;
}

export function Headline({ title, text, children }: HeadlineProps): ReactNode {
  return (
    <div className="headline">
      <h2>{title}</h2>
      {text !== undefined && <p className="lead">{text}</p>}
      {children}
    </div>
  );
}

/** The answer in one sentence, in the language that is spoken now. */
export function useHeadlineText(): (answer: NetworkAnswer) => string {
  const { t } = useTranslation();
  return (answer) => {
    const headline = headlineOf(answer);
    switch (headline.kind) {
      case 'nobody-answered':
        return t('answer.nobodyAnswered');
      case 'people': {
        const { people: count, countries, asked, exact } = headline;
        return t(exact ? 'answer.exactly' : 'answer.atLeast', { count, countries, asked });
      }
      case 'suppressed':
        return t('answer.suppressed', { countries: headline.countries, asked: headline.asked });
      case 'exists':
        return t('answer.exists');
      case 'none':
        return t('answer.none');
    }
  };
}
