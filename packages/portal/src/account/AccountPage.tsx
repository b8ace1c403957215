import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../language/use-format.ts';
import { callApi, type LoggedIn, member, textOf } from '../session/session.ts';
import { SESSION_KEY, useSession } from '../session/use-session.ts';
import { ProviderList } from './ProviderList.tsx';
import { Refusal } from './Refusal.tsx';

/** Who I am here, from which provider, with which roles, and where I am logged in. */
export default function AccountPage(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const person = session.data?.person;
  return (
    <section className="office" aria-labelledby="page-title">
      <h1 id="page-title" ref={heading} tabIndex={-1}>
        {t('account.title')}
      </h1>
      {session.data !== undefined && person === undefined && (
        <>
          <p className="lead">{t('account.nobody')}</p>
          <ProviderList providers={session.data?.providers ?? []} />
        </>
      )}
      {person !== undefined && <Account person={person} />}
    </section>
  );
}

function Account({ person }: { readonly person: LoggedIn }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <dl className="facts">
        <dt>{t('account.name')}</dt>
        <dd>{person.name ?? t('account.noName')}</dd>
        <dt>{t('account.provider')}</dt>
        <dd>{person.provider}</dd>
        <dt>{t('account.subject')}</dt>
        <dd className="code">{person.subject}</dd>
        <dt>{t('account.roles')}</dt>
        <dd>
          {person.roles.length === 0
            ? t('account.noRoles')
            : person.roles.map((role) => t(`role.${role}`)).join(', ')}
        </dd>
      </dl>
      <Redeem />
      <Sessions />
    </>
  );
}

function Redeem(): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const redeem = useMutation({
    mutationFn: () => callApi('POST', '/api/session/invitation', { code: code.trim() }),
    onSuccess: async () => {
      setCode('');
      await queries.invalidateQueries({ queryKey: SESSION_KEY });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    redeem.mutate();
  };
  return (
    <form className="office-form" onSubmit={submit}>
      <h2>{t('account.invitation')}</h2>
      <label className="field-label" htmlFor="invitation">
        {t('account.code')}
      </label>
      <div className="office-row">
        <input
          id="invitation"
          className="input"
          value={code}
          autoComplete="off"
          required
          onChange={({ target }) => setCode(target.value)}
        />
        <button type="submit" className="button-quiet" disabled={redeem.isPending}>
          {t('account.redeem')}
        </button>
      </div>
      <Refusal error={redeem.error} />
    </form>
  );
}

interface OpenSession {
  readonly id: string;
  readonly startedAt: string;
  readonly seenAt: string;
  readonly isThis: boolean;
}

function Sessions(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: fetchSessions });
  const end = useMutation({
    mutationFn: (path: string) => callApi('DELETE', path),
    onSuccess: async () => {
      await queries.invalidateQueries();
    },
  });
  const rows = sessions.data ?? [];
  return (
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title">{t('account.sessions')}</h2>
      <table className="office-table">
        <thead>
          <tr>
            <th scope="col">{t('account.startedAt')}</th>
            <th scope="col">{t('account.seenAt')}</th>
            <th scope="col">{t('account.action')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{format.moment(row.startedAt)}</td>
              <td>{row.isThis ? t('account.thisSession') : format.moment(row.seenAt)}</td>
              <td>
                <button
                  type="button"
                  className="button-quiet"
                  onClick={() => end.mutate(`/api/session/sessions/${row.id}`)}
                >
                  {t('account.end')}
                  <span className="visually-hidden"> {format.moment(row.startedAt)}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <button type="button" className="button-quiet" onClick={() => end.mutate('/api/session/sessions')}>
          {t('account.endAll')}
        </button>
      </p>
      <Refusal error={end.error ?? sessions.error} />
    </section>
  );
}

async function fetchSessions(): Promise<readonly OpenSession[]> {
  const answer = member(await callApi('GET', '/api/session/sessions'), 'sessions');
  return (Array.isArray(answer) ? answer : []).map((each: unknown) => ({
    id: textOf(each, 'id') ?? '',
    startedAt: textOf(each, 'startedAt') ?? '',
    seenAt: textOf(each, 'seenAt') ?? '',
    isThis: member(each, 'isThis') === true,
  }));
}
