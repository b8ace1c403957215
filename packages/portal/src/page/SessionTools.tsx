import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loginAddress } from '../account/ProviderList.tsx';
import { callApi, type LoggedIn, textOf } from '../session/session.ts';
import { useSession } from '../session/use-session.ts';
import { ROUTES } from './routes.tsx';

/** The pages of whoever is logged in, and logging in or out; nothing of a server at which nobody can. */
export function SessionTools(): ReactNode {
  const { t } = useTranslation();
  const { data } = useSession();
  if (data === undefined || data === null) return null;
  if (data.person !== undefined) return <LoggedInTools person={data.person} />;
  const [only, ...others] = data.providers;
  if (only === undefined) return null;
  const address = others.length === 0 ? loginAddress(only.id, '/portal/') : '#/account';
  return (
    <a className="masthead-link" href={address}>
      {t('account.logIn')}
    </a>
  );
}

function LoggedInTools({ person }: { readonly person: LoggedIn }): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isLeaving, setLeaving] = useState(false);
  const routes = ROUTES.filter(({ roles }) => roles?.some((role) => person.roles.includes(role)) ?? true);
  const logOut = async () => {
    setLeaving(true);
    try {
      const answer = await callApi('POST', '/auth/logout');
      // The provider's own log-out, where it has one; it comes back here.
      location.assign(textOf(answer, 'location') ?? '/portal/');
    } catch {
      setLeaving(false);
      await queries.invalidateQueries();
    }
  };
  return (
    <nav className="masthead-nav" aria-label={t('account.pages')}>
      <a className="masthead-link" href="#/">
        {t('account.ask')}
      </a>
      {routes.map(({ path, label }) => (
        <a key={path} className="masthead-link" href={`#${path}`}>
          {path === '/account' && person.name !== undefined ? person.name : t(label)}
        </a>
      ))}
      <button type="button" className="masthead-link" disabled={isLeaving} onClick={() => void logOut()}>
        {t('account.logOut')}
      </button>
    </nav>
  );
}
