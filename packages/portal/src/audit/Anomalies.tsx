import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { useFormat } from '../language/use-format.ts';
import type { Found } from './audit.ts';
import { Who } from './EventTable.tsx';

/** What was unusual, and why it is thought so: a reason to look, never a verdict. */
export function Anomalies({ found }: { readonly found: readonly Found[] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (found.length === 0) return <p className="quiet">{t('audit.noAnomalies')}</p>;
  return (
    <ul className="anomalies">
      {found.map(({ anomaly }) => {
        const { id, kind, severity, who, from, seen, expected } = anomaly;
        return (
          <li key={id} data-severity={severity} data-kind={kind}>
            <p>
              <strong>
                <Icon name="invalid-answer" /> {t(`audit.severity.${severity}`)}
              </strong>{' '}
              <time dateTime={from}>{format.moment(from)}</time>
            </p>
            <p>
              <Who who={who} />
            </p>
            <p>{t(`audit.anomaly.${kind}`, { seen, expected })}</p>
          </li>
        );
      })}
    </ul>
  );
}
