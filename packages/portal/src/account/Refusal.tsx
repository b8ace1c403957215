import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PortalError } from '../network/problem.ts';

/** Why the server did not do it, said when it happens. */
export function Refusal({ error }: { readonly error: unknown }): ReactNode {
  const { t } = useTranslation();
  const detail = error instanceof PortalError ? error.detail : undefined;
  return (
    <p role="alert" className="refusal">
      {error ? (detail ?? t('error.unreachable')) : ''}
    </p>
  );
}
