import type { AuditEvent } from '@federome/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { useFormat } from '../language/use-format.ts';

/** Events, the latest first; what exactly was asked is in none of them. */
export function EventTable({ events }: { readonly events: readonly AuditEvent[] }): ReactNode {
  const { t } = useTranslation();
  const heads = ['when', 'operation', 'asker', 'dataset', 'purpose', 'level', 'decision', 'answer'] as const;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls a wide table by keyboard
    <section className="table-scroll" aria-label={t('audit.events')} tabIndex={0}>
      <table className="office-table audit-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {t(`audit.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function EventRow({ event }: { readonly event: AuditEvent }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { decision, code } = event;
  return (
    <tr data-operation={event.operation} data-decision={decision}>
      <td>
        <time dateTime={event.at}>{format.moment(event.at)}</time>
      </td>
      <th scope="row">{t(`audit.operations.${event.operation}`)}</th>
      <td>
        <Who who={event.who} />
      </td>
      <td>{event.datasets.join(', ')}</td>
      <td>{event.purpose !== undefined && t(`audit.use.${event.purpose}`)}</td>
      <td>{t(`audit.part.${event.level}`)}</td>
      <td>
        <Icon name={decision} /> {t(decision === 'answered' ? 'audit.answered' : 'audit.part.refused')}
        {code !== undefined && <code className="row-note">{code}</code>}
      </td>
      <td>
        <Size event={event} />
      </td>
    </tr>
  );
}

/** A person or member by the pseudonym that the audit has; of others their kind. */
export function Who({ who }: { readonly who: AuditEvent['who'] }): ReactNode {
  const { t } = useTranslation();
  const { kind, subject, issuer, member } = who;
  if (subject === undefined) return member ?? t(`audit.kind.${kind}`);
  return (
    <>
      {subject}
      <span className="row-note">{issuer}</span>
      {member !== undefined && <span className="row-note">{t('audit.through', { member })}</span>}
    </>
  );
}

function Size({ event: { answer } }: { readonly event: AuditEvent }): ReactNode {
  const { t } = useTranslation();
  if (answer === undefined) return null;
  if (answer.suppressed) return t('audit.suppressed');
  return t('audit.orMore', { size: answer.count });
}
