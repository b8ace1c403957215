import type { NetworkTerm } from '@federome/client';
import { type ReactNode, useContext, useEffect, useEffectEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox, ComboBoxStateContext } from 'react-aria-components/ComboBox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Tag, TagGroup, TagList } from 'react-aria-components/TagGroup';
import { Text } from 'react-aria-components/Text';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { useTermLabel, useTerms } from '../network/use-suggestions.ts';

interface TermsFieldProps {
  readonly terms: readonly string[];
  readonly onChange: (terms: readonly string[]) => void;
}

/** Terms that people must have, chosen from those that the network knows, as removable tags. */
export function TermsField({ terms, onChange }: TermsFieldProps): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const found = useTerms(text);
  const suggestions = found.data?.filter((term) => !terms.includes(term.id)) ?? [];
  const isLoading = found.isFetching && found.data === undefined;
  return (
    <div className="terms">
      {terms.length > 0 && (
        <TagGroup
          aria-label={t('question.chosenTerms')}
          onRemove={(removed) => onChange(terms.filter((term) => !removed.has(term)))}
        >
          <TagList className="tags">
            {terms.map((term) => (
              <TermTag key={term} id={term} />
            ))}
          </TagList>
        </TagGroup>
      )}
      <ComboBox
        className="field"
        items={suggestions}
        inputValue={text}
        onInputChange={setText}
        selectedKey={null}
        onSelectionChange={(chosen) => {
          const id = chosen === null ? meantBy(text, suggestions) : String(chosen);
          if (id === undefined) return;
          onChange([...terms, id]);
          setText('');
        }}
        onFocusChange={(isFocused) => {
          // What is left in the field is no part of the question, and must not look like one.
          if (!isFocused) setText('');
        }}
        allowsEmptyCollection
        menuTrigger="input"
      >
        <ClosesWhenChosen chosen={terms.length} />
        <Label className="field-label">{t('question.terms')}</Label>
        <div className="input-with-button">
          <Input className="input" placeholder={t('question.termsPlaceholder')} />
          <Button className="input-button" aria-label={t('question.openList')}>
            <Icon name="open" />
          </Button>
        </div>
        <Text slot="description" className="field-hint">
          {t('question.termsHint')}
        </Text>
        <Popover className="popover" offset={4}>
          <ListBox<NetworkTerm>
            className="options"
            renderEmptyState={() => (
              <p className="options-empty">{t(isLoading ? 'question.searching' : 'question.noTerm')}</p>
            )}
          >
            {(term) => (
              <ListBoxItem id={term.id} textValue={term.label} className="option">
                <Text slot="label">{term.label}</Text>
                <Text slot="description" className="option-id mono">
                  {term.id}
                </Text>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
    </div>
  );
}

/** The term whose label is written in full, whatever its case. */
function meantBy(text: string, suggestions: readonly NetworkTerm[]): string | undefined {
  const written = text.trim().toLowerCase();
  return suggestions.find(({ label, id }) => [label, id].some((name) => name.toLowerCase() === written))?.id;
}

/** Closes the list when a term was taken: the field is empty again, which the list alone takes for typing. */
function ClosesWhenChosen({ chosen }: { readonly chosen: number }): ReactNode {
  const state = useContext(ComboBoxStateContext);
  const close = useEffectEvent(() => state?.close());
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of the number that closes
  useEffect(() => close(), [chosen]);
  return undefined;
}

function TermTag({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const label = useTermLabel(id);
  return (
    <Tag id={id} textValue={label} className="tag">
      <span className="tag-label">{label}</span>
      <span className="tag-note">{t('question.andMoreSpecific')}</span>
      <Button slot="remove" className="tag-remove" aria-label={t('question.removeTerm')}>
        <Icon name="remove" />
      </Button>
    </Tag>
  );
}
