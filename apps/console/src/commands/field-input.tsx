import { useQuery } from '@tanstack/react-query';
import { AutoComplete, Checkbox, Input, Select } from 'antd';
import { useDeferredValue, useId } from 'react';
import { useCatalogue, type Said } from '../api/catalogue';
import { get } from '../api/http';
import { useLanguage } from '../kit/language';
import { codesQuery, placesQuery, regionsQuery, textOf, useRegionName, type Page, type Row } from '../kit/names';
import { money } from '../kit/numbers';
import { latestOf } from './check';
import { fenOf, type Field, type Values } from './form';

interface Props {
  readonly field: Field;
  readonly values: Values;
  readonly fault: Said | undefined;
  readonly onChange: (value: string) => void;
}

/** A field as its schema asks for it, with its label, what helps to fill it in, and what is wrong with it. */
export function FieldInput({ field, values, fault, onChange }: Props) {
  const { tell, say } = useLanguage();
  const id = useId();
  const [noteId, value] = [`${id}-note`, values[field.path] ?? ''];
  const note = fault ?? field.help;
  const unit = field.schema['x-money'] ? { zh: '元', en: 'yuan' } : field.schema['x-unit'];
  return (
    <div className={fault ? 'field faulty' : 'field'} data-field={field.path}>
      <label htmlFor={id}>
        {tell(field.label)}
        {unit && <span className="unit">（{tell(unit)}）</span>}
        {field.required && (field.of?.required ?? true) ? (
          <span className="required" title={say('必填', 'Required')}>
            {' '}
            *
          </span>
        ) : (
          <span className="optional"> {say('选填', 'optional')}</span>
        )}
      </label>
      <Input_
        id={id}
        field={field}
        value={value}
        values={values}
        onChange={onChange}
        described={noteId}
        faulty={fault !== undefined}
      />
      <div id={noteId} className="note" role={fault ? 'alert' : undefined}>
        {note && tell(note)}
        <Meaning field={field} value={value} />
      </div>
    </div>
  );
}

/** What was typed, in other words: an amount as it is said, a region by its name. */
function Meaning({ field: { schema }, value }: { readonly field: Field; readonly value: string }) {
  const { language } = useLanguage();
  const name = useRegionName();
  const fen = schema['x-money'] ? fenOf(value) : undefined;
  const meant =
    fen !== undefined && fen >= 1e6
      ? money(fen, language)
      : schema['x-look-up'] === 'regions' && value !== '' && name(value) !== value
        ? name(value)
        : '';
  return meant ? <strong className="meaning"> {meant}</strong> : null;
}

interface InputProps {
  readonly id: string;
  readonly field: Field;
  readonly value: string;
  readonly values: Values;
  readonly onChange: (value: string) => void;
  readonly described: string;
  readonly faulty: boolean;
}

function Input_(props: InputProps) {
  const { id, field, value, onChange, described, faulty } = props;
  const { schema } = field;
  const { tell } = useLanguage();
  const common = { id, 'aria-describedby': described, 'aria-invalid': faulty, 'aria-required': field.required };
  const status = faulty ? ('error' as const) : undefined;
  if (schema.enum) {
    const options = schema.enum.map((one) => ({
      value: one,
      label: schema['x-values']?.[one] ? tell(schema['x-values'][one]) : one,
    }));
    return (
      <Select
        {...common}
        status={status}
        value={value || undefined}
        allowClear={!field.required}
        options={options}
        onChange={(chosen: string | undefined) => onChange(chosen ?? '')}
      />
    );
  }
  if (schema.type === 'boolean') {
    return (
      <Checkbox
        {...common}
        checked={value === 'true'}
        onChange={(event) => onChange(event.target.checked ? 'true' : '')}
      />
    );
  }
  if (schema.format === 'date') {
    return (
      <Input
        {...common}
        status={status}
        type="date"
        value={value}
        min={schema['x-earliest']}
        max={latestOf(schema['x-latest'])}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const text = {
    ...common,
    status,
    value,
    maxLength: undefined,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (schema['x-codes'] || (schema['x-look-up'] && schema.type !== 'array' && !schema['x-new']))
    return <LookUp {...props} common={{ ...common, status }} />;
  if (schema.type === 'array' || (schema.maxLength ?? 0) > 100) return <Input.TextArea {...text} rows={3} />;
  const decimal = schema['x-money'] || schema.type === 'number' || schema.type === 'integer';
  return (
    <Input
      {...text}
      inputMode={decimal ? 'decimal' : undefined}
      placeholder={schema.example === undefined || schema['x-money'] ? undefined : textOf(schema.example)}
    />
  );
}

/** By name or code of what there is; what is typed stands, for the platform knows more than this page has read. */
function LookUp({ field, value, values, onChange, common }: InputProps & { readonly common: object }) {
  const options = useOptions(field, value, values);
  return (
    <AutoComplete
      {...common}
      value={value}
      options={options}
      onChange={(text: string | undefined) => onChange(text ?? '')}
      popupMatchSelectWidth={360}
      defaultActiveFirstOption={false}
      placeholder={typeof field.schema.example === 'string' ? field.schema.example : undefined}
    />
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

const optionOf = (value: unknown, name: unknown): Option => ({
  value: textOf(value),
  label: name && name !== value ? `${textOf(name)}（${textOf(value)}）` : textOf(value),
});

function useOptions({ schema, path }: Field, typed: string, values: Values): Option[] {
  const codes = schema['x-codes'];
  const list = schema['x-look-up'] ?? '';
  const text = useDeferredValue(typed);
  const { lists } = useCatalogue();
  const { data: regions = [] } = useQuery({ ...regionsQuery, enabled: list === 'regions' });
  const { data: places = [] } = useQuery({ ...placesQuery, enabled: list === 'regions' || list === 'places' });
  const { data: allCodes = [] } = useQuery({ ...codesQuery, enabled: codes !== undefined });
  const described = lists.find(({ name }) => name === list);
  // What else identifies the thing and is filled in narrows it: the units of the carrier that the form is about.
  const narrowed = Object.fromEntries(
    (described?.key ?? []).filter((key) => key !== path && values[key]).map((key) => [key, values[key]]),
  );
  const searches = (described?.search.length ?? 0) > 0;
  const { data: page } = useQuery({
    queryKey: ['look-up', list, narrowed, searches ? text : ''],
    queryFn: ({ signal }) =>
      get<Page>(
        `/api/v1/${list}`,
        { ...narrowed, search: searches && text ? text.slice(0, 60) : undefined, limit: 30 },
        signal,
      ),
    enabled: described !== undefined && list !== 'regions' && list !== 'places' && codes === undefined,
    placeholderData: (before) => before,
  });
  const holds = ({ value, label }: Option) => text === '' || value.includes(text) || label.includes(text);
  if (codes !== undefined)
    return allCodes
      .filter((row) => row.list === codes)
      .map((row) => optionOf(row.name ?? row.code, row.code))
      .filter(holds);
  if (list === 'regions')
    return [
      ...regions.map((row) => optionOf(row.region, row.name)),
      ...places.map((row) => optionOf(row.place, row.name)),
    ].filter(holds);
  if (list === 'places') return places.map((row) => optionOf(row.place, row.name)).filter(holds);
  const key = described?.key.includes(path) ? path : described?.key.at(-1);
  return (page?.items ?? []).map((row: Row) => optionOf(row[key ?? ''], row.name ?? row.title ?? row.firm));
}
