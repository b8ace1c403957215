import { type ReactNode, useEffect, useRef } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { useTranslation } from 'react-i18next';
import { AnswerSection } from '../answer/AnswerSection.tsx';
import { useAnswer } from '../network/use-answer.ts';
import { useOverview } from '../network/use-overview.ts';
import { QuestionPanel } from '../question/QuestionPanel.tsx';
import { useAskedQuestion } from '../question/use-asked-question.ts';
import { Masthead } from './Masthead.tsx';
import { Progress } from './Progress.tsx';

/** The portal's first page: the network, a question, the answer. */
export function Page(): ReactNode {
  const { t, i18n } = useTranslation();
  const [asked, ask] = useAskedQuestion();
  const overview = useOverview();
  const answer = useAnswer(asked);
  const question = useRef<HTMLElement>(null);
  const name = overview.data?.name;
  useEffect(() => {
    document.title = name === undefined ? 'Federome' : `${name} · Federome`;
  }, [name]);
  return (
    <I18nProvider locale={i18n.language}>
      <button type="button" className="skip-link" onClick={() => question.current?.focus()}>
        {t('page.skip')}
      </button>
      <Masthead name={name} />
      <main className="page" data-asked={asked.question !== undefined || undefined}>
        <section className="opening" ref={question} tabIndex={-1} aria-labelledby="page-title">
          <h1 id="page-title">{t('page.title')}</h1>
          <p className="lead">{t('page.lead')}</p>
          <QuestionPanel
            asked={asked.question}
            onAsk={ask}
            countries={new Set(overview.data?.members.map((member) => member.country)).size}
            isAsking={answer.isFetching}
          />
        </section>
        <Progress overview={overview} />
        <AnswerSection asked={asked} answer={answer} overview={overview.data} />
      </main>
      <footer className="page-foot">
        <p>{t('page.footer')}</p>
        <p>{t('page.privacy')}</p>
        <p>Federome. {t('page.openSource')}</p>
      </footer>
    </I18nProvider>
  );
}
