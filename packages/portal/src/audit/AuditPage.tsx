import '../design/audit.css';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../account/Refusal.tsx';
import { Icon } from '../design/Icon.tsx';
import { Anomalies } from './Anomalies.tsx';
import {
  type AuditSearch,
  EVERYTHING,
  fetchAnomalies,
  fetchEvents,
  fetchTimeline,
  queryOf,
} from './audit.ts';
import { EventTable } from './EventTable.tsx';
import { SearchForm } from './SearchForm.tsx';
import { Timeline } from './Timeline.tsx';

const FORMATS = { tsv: 'TSV', json: 'JSON', fhir: 'FHIR' } as const;

/** Who asked for what kind of thing, what was answered, and what of it was unusual; for operators and auditors. */
export default function AuditPage(): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useState(EVERYTHING);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const timeline = useQuery({
    queryKey: ['audit', 'timeline', search],
    queryFn: () => fetchTimeline(search),
  });
  const anomalies = useQuery({ queryKey: ['audit', 'anomalies'], queryFn: fetchAnomalies });
  const events = useInfiniteQuery({
    queryKey: ['audit', 'events', search],
    queryFn: ({ pageParam }) => fetchEvents(search, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  });
  const shown = events.data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <section className="office" aria-labelledby="page-title">
      <h1 id="page-title" ref={heading} tabIndex={-1}>
        {t('audit.title')}
      </h1>
      <p className="lead">{t('audit.lead')}</p>
      <Refusal error={events.error ?? timeline.error ?? anomalies.error} />
      <h2>{t('audit.unusual')}</h2>
      {anomalies.data !== undefined && <Anomalies found={anomalies.data} />}
      <h2>{t('audit.questions')}</h2>
      <SearchForm onSearch={setSearch} />
      {timeline.data !== undefined && <Timeline buckets={timeline.data} />}
      <Exports search={search} />
      <EventTable events={shown} />
      {events.hasNextPage && (
        <button
          type="button"
          className="button-quiet"
          disabled={events.isFetchingNextPage}
          onClick={() => void events.fetchNextPage()}
        >
          {t('audit.more')}
        </button>
      )}
    </section>
  );
}

function Exports({ search }: { readonly search: AuditSearch }): ReactNode {
  const { t } = useTranslation();
  return (
    <p className="downloads">
      <Icon name="download" />
      <span>{t('audit.export')}</span>
      {Object.entries(FORMATS).map(([format, name]) => {
        const query = queryOf(search);
        query.set('format', format);
        return (
          <a key={format} className="button-quiet" href={`/api/audit/export?${query}`} download="">
            {name}
          </a>
        );
      })}
    </p>
  );
}
