import type { MemberAnswer, NetworkAnswer } from '@federome/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { useFormat } from '../language/use-format.ts';
import { membersWithoutCount, missingMembers, suppressedMembers } from './summary.ts';

/** What the headline's number lacks, country by country, and why. */
export function Notes({ answer }: { readonly answer: NetworkAnswer }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const hidden = suppressedMembers(answer);
  const below = Math.max(
    0,
    ...hidden.map(({ people }) => (people?.kind === 'suppressed' ? people.below : 0)),
  );
  const namesOf = (members: readonly MemberAnswer[]): string =>
    format.list([...new Set(members.map(({ country }) => format.country(country)))]);
  const countries = namesOf(hidden);
  const withoutCount = membersWithoutCount(answer);
  const withMore = answer.members.filter(({ moreVariants }) => moreVariants);
  const withoutFrequencies = answer.members.filter(({ state, reason }) => state === 'answered' && reason);
  return (
    <ul className="notes">
      {hidden.length > 0 && (
        <li data-note="suppressed">
          <Icon name="hidden" />
          <span>{t('answer.hiddenNote', { countries, below })}</span>
        </li>
      )}
      {missingMembers(answer).map((member) => (
        <li key={member.id} data-note={member.state} data-country={member.country}>
          <Icon name={member.state} />
          <span>{missingText(member)}</span>
        </li>
      ))}
      {withoutFrequencies.map((member) => (
        <li key={member.id} data-note="no-frequencies">
          <Icon name="problem" />
          <span>
            {t('answer.noFrequencies', {
              name: format.country(member.country),
              reason: member.reason?.message ?? t('answer.noReason'),
            })}
          </span>
        </li>
      ))}
      {withoutCount.length > 0 && (
        <li data-note="without-count">
          <Icon name="problem" />
          <span>{t('answer.withoutCount', { countries: namesOf(withoutCount) })}</span>
        </li>
      )}
      {withMore.length > 0 && (
        <li data-note="more-variants">
          <Icon name="problem" />
          <span>{t('answer.moreVariants', { countries: namesOf(withMore) })}</span>
        </li>
      )}
      {answer.members.some(({ people }) => people?.kind === 'shown') && (
        <li className="quiet">{t('answer.rounded')}</li>
      )}
    </ul>
  );

  function missingText({ state, country, reason }: MemberAnswer): string {
    if (state === 'answered') return '';
    const name = format.country(country);
    return t(`answer.missingNote.${state}`, { name, reason: reason?.message ?? t('answer.noReason') });
  }
}
