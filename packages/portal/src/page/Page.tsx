import { type ReactNode, type RefObject, Suspense, useEffect, useRef } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { useTranslation } from 'react-i18next';
import { AnswerSection } from '../answer/AnswerSection.tsx';
import { useAnswer } from '../network/use-answer.ts';
import { useOverview } from '../network/use-overview.ts';
import { QuestionPanel } from '../question/QuestionPanel.tsx';
import { useAskedQuestion } from '../question/use-asked-question.ts';
import { useSession } from '../session/use-session.ts';
import { Masthead } from './Masthead.tsx';
import { Progress } from './Progress.tsx';
import type { Route } from './routes.tsx';
import { useRoute } from './use-route.ts';

/** The portal: its masthead, and the page that the address names. */
export function Page(): ReactNode {
  const { t, i18n } = useTranslation();
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const session = useSession();
  const overview = useOverview();
  const server = session.data?.server;
  const name = overview.data?.name ?? server?.name;
  // A node that is in no network, or in one without other members, asks nobody.
  const asksNobody = server?.role === 'node' && (overview.data?.members.length ?? 0) === 0;
  useEffect(() => {
    document.title = name === undefined ? 'Federome' : `${name} · Federome`;
  }, [name]);
  return (
    <I18nProvider locale={i18n.language}>
      <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
        {t(route === undefined && !asksNobody ? 'page.skip' : 'page.skipToContent')}
      </button>
      <Masthead name={name} />
      {route === undefined && !asksNobody ? (
        <QuestionPage question={main} />
      ) : (
        <main className="page" ref={main} tabIndex={-1}>
          {route === undefined ? <NodePage name={name} /> : <RoutePage route={route} />}
        </main>
      )}
      <footer className="page-foot">
        <p>{t('page.footer')}</p>
        <p>{t('page.privacy')}</p>
        <p>Federome. {t('page.openSource')}</p>
      </footer>
    </I18nProvider>
  );
}

function RoutePage({ route }: { readonly route: Route }): ReactNode {
  const Content = route.page;
  return (
    <Suspense fallback={null}>
      <Content />
    </Suspense>
  );
}

/** A node asks no network: it says what it is for, and where questions are asked. */
function NodePage({ name }: { readonly name: string | undefined }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="office" aria-labelledby="page-title">
      <h1 id="page-title">{name ?? 'Federome'}</h1>
      <p className="lead">{t('page.nodeLead')}</p>
    </section>
  );
}

/** The network, a question, the answer. */
function QuestionPage({ question }: { readonly question: RefObject<HTMLElement | null> }): ReactNode {
  const { t } = useTranslation();
  const [asked, ask] = useAskedQuestion();
  const overview = useOverview();
  const answer = useAnswer(asked);
  return (
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
  );
}
