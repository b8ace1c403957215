import { ASSEMBLIES, type Assembly } from '@federome/core';
import { type KeyboardEvent, type ReactNode, useContext } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox, ComboBoxStateContext } from 'react-aria-components/ComboBox';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';
import { useTranslation } from 'react-i18next';
import { Segments } from '../design/Segments.tsx';
import { useGenes } from '../network/use-suggestions.ts';
import type { Question } from './question.ts';
import {
  readVariantText,
  type VariantProblem,
  type VariantReading,
  writeVariantText,
} from './variant-text.ts';

interface VariantFieldProps {
  readonly question: Question;
  readonly onChange: (part: Partial<Question>) => void;
  readonly wasSubmitted: boolean;
}

/** One field for a gene, a variant or a region, which says as one types how it is understood. */
export function VariantField({ question, onChange, wasSubmitted }: VariantFieldProps): ReactNode {
  const { t } = useTranslation();
  const { about, assembly } = question;
  const reading = readVariantText(about, assembly);
  const genes = useGenes(about, reading.kind === 'gene');
  const isUnfinished = reading.kind === 'problem' && reading.code === 'incomplete' && !wasSubmitted;
  const problem = reading.kind === 'problem' && !isUnfinished ? reading : undefined;
  const isSearching = genes.isFetching || genes.isPending;
  const suggestions = reading.kind === 'gene' ? uniqueSymbols(genes.data ?? []) : [];
  return (
    <div className="variant">
      <ComboBox
        className="field"
        items={suggestions}
        inputValue={about}
        onInputChange={(text) => onChange({ about: text })}
        allowsCustomValue
        allowsEmptyCollection={reading.kind === 'gene'}
        menuTrigger="input"
        isInvalid={problem !== undefined}
      >
        <Label className="field-label">{t('question.about')}</Label>
        <EnterAsks>
          <Input
            className="input mono"
            autoCapitalize="off"
            autoCorrect="off"
            spellCheck={false}
            maxLength={200}
          />
        </EnterAsks>
        <Text slot="description" className="field-hint">
          <Hint
            reading={reading}
            isKnownGene={genes.isPlaceholderData || suggestions.length > 0 || !genes.isSuccess}
          />
        </Text>
        <FieldError className="field-problem">
          {problem !== undefined && t(`problem.${problem.code}`, problem.values)}
        </FieldError>
        <Popover className="popover" offset={4}>
          <ListBox<{ id: string }>
            className="options"
            renderEmptyState={() => (
              <p className="options-empty">{t(isSearching ? 'question.searching' : 'problem.unknownGene')}</p>
            )}
          >
            {({ id }) => (
              <ListBoxItem id={id} textValue={id} className="option mono">
                {id}
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      <Segments
        label={t('question.assembly')}
        value={assembly}
        onChange={(chosen) => onChange({ assembly: chosen })}
        options={[...ASSEMBLIES].reverse().map((value) => ({ value, label: value }))}
      />
      {problem?.code === 'otherAssembly' && <OtherAssembly problem={problem} onChange={onChange} />}
    </div>
  );
}

/** Enter asks at once where suggestions are open but none is pointed at, instead of only closing them. */
function EnterAsks({ children }: { readonly children: ReactNode }): ReactNode {
  const state = useContext(ComboBoxStateContext);
  const ask = ({ key, target }: KeyboardEvent) => {
    if (key !== 'Enter' || !(target instanceof HTMLInputElement)) return;
    if (state?.isOpen && state.selectionManager.focusedKey === null) target.form?.requestSubmit();
  };
  return <div onKeyDownCapture={ask}>{children}</div>;
}

function Hint({
  reading,
  isKnownGene,
}: {
  readonly reading: VariantReading | VariantProblem;
  readonly isKnownGene: boolean;
}): ReactNode {
  const { t } = useTranslation();
  switch (reading.kind) {
    case 'gene':
      return isKnownGene ? t('question.readGene', { symbol: reading.symbol }) : t('problem.unknownGene');
    case 'variant': {
      const { contig, ref, alt, position } = reading;
      const text = writeVariantText(reading);
      return t('question.readVariant', { text, position: position + 1, contig, ref, alt });
    }
    case 'range':
      return t('question.readRange', { count: reading.end - reading.start, contig: reading.contig });
    case 'problem':
      return reading.code === 'incomplete' ? t('problem.incomplete') : t('question.aboutHint');
    case 'empty':
      return t('question.aboutHint');
  }
}

function OtherAssembly({
  problem,
  onChange,
}: {
  readonly problem: VariantProblem;
  readonly onChange: VariantFieldProps['onChange'];
}): ReactNode {
  const { t } = useTranslation();
  const other: Assembly | undefined = ASSEMBLIES.find((assembly) => assembly === problem.values.other);
  if (other === undefined) return undefined;
  return (
    <Button className="button-link" onPress={() => onChange({ assembly: other })}>
      {t('question.useAssembly', { assembly: other })}
    </Button>
  );
}

function uniqueSymbols(genes: readonly { readonly symbol: string }[]): { id: string }[] {
  return [...new Set(genes.map(({ symbol }) => symbol))].map((id) => ({ id }));
}
