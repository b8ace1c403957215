import { ACCESS_LEVELS } from '@federome/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuditSearch, EVERYTHING } from './audit.ts';

/** What to narrow the audit to; it is asked again when the form is sent. */
export function SearchForm({ onSearch }: { readonly onSearch: (search: AuditSearch) => void }): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useState(EVERYTHING);
  const change = (part: Partial<AuditSearch>) => setSearch({ ...search, ...part });
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSearch(search);
  };
  const text = (name: 'from' | 'to' | 'who' | 'dataset', type: 'date' | 'text') => (
    <label>
      <span>{t(`audit.${name}`)}</span>
      <input type={type} value={search[name]} onChange={({ target }) => change({ [name]: target.value })} />
    </label>
  );
  return (
    <form className="audit-search" onSubmit={send} aria-label={t('audit.search')}>
      {text('from', 'date')}
      {text('to', 'date')}
      {text('who', 'text')}
      {text('dataset', 'text')}
      <label>
        <span>{t('audit.decision')}</span>
        <select
          value={search.decision}
          onChange={({ target }) =>
            change({
              decision: target.value === 'answered' || target.value === 'refused' ? target.value : '',
            })
          }
        >
          <option value="">{t('audit.any')}</option>
          <option value="answered">{t('audit.answered')}</option>
          <option value="refused">{t('audit.part.refused')}</option>
        </select>
      </label>
      <label>
        <span>{t('audit.level')}</span>
        <select
          value={search.level}
          onChange={({ target }) =>
            change({ level: ACCESS_LEVELS.find((level) => level === target.value) ?? '' })
          }
        >
          <option value="">{t('audit.any')}</option>
          {ACCESS_LEVELS.map((level) => (
            <option key={level} value={level}>
              {t(`audit.part.${level}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button-quiet">
        {t('audit.search')}
      </button>
    </form>
  );
}
