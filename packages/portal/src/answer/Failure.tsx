import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { PortalError, type PortalErrorCode } from '../network/problem.ts';

/** Why there is no answer at all, and the way on. */
export function Failure({
  error,
  onRetry,
}: {
  readonly error: Error;
  readonly onRetry: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const told =
    error instanceof PortalError ? error : new PortalError('portal/hub-unreachable', error.message);
  const sentences: Readonly<Record<PortalErrorCode, readonly [string, string]>> = {
    'portal/offline': [t('error.offline'), t('error.offlineText')],
    'portal/hub-unreachable': [t('error.unreachable'), told.detail ?? t('error.unreachableText')],
    'portal/invalid-answer': [t('error.unreachable'), t('error.invalid')],
    'portal/refused': [t('error.refused'), told.detail ?? ''],
  };
  const [title, text] = sentences[told.code];
  return (
    <div className="failure" role="alert" data-code={told.hubCode ?? told.code}>
      <h2>
        <Icon name={told.code === 'portal/refused' ? 'refused' : 'unreachable'} /> {title}
      </h2>
      <p>{text}</p>
      <p className="quiet small mono">{t('error.code', { code: told.hubCode ?? told.code })}</p>
      <Button className="button-quiet" onPress={onRetry}>
        {t('error.retry')}
      </Button>
    </div>
  );
}
