import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoginProvider } from '../session/session.ts';

/** Where one may log in: a link a provider, which comes back to this page. */
export function ProviderList({ providers }: { readonly providers: readonly LoginProvider[] }): ReactNode {
  const { t } = useTranslation();
  if (providers.length === 0) return <p>{t('account.noProviders')}</p>;
  return (
    <ul className="providers">
      {providers.map(({ id, name }) => (
        <li key={id}>
          <a className="button-link" href={loginAddress(id, '/portal/#/account')}>
            {t('account.logInAt', { provider: name })}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Where a login at a provider begins; it comes back to a path of this server. */
export function loginAddress(provider: string, comeBack: string): string {
  return `/auth/login?${new URLSearchParams({ provider, return: comeBack })}`;
}
