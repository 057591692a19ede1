import { useQuery } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import { useState } from 'react';
import type { Column } from '../api/catalogue';
import { useLanguage } from '../kit/language';
import { codesQuery, regionsQuery, textOf, type Row } from '../kit/names';
import { Labelled } from './labelled';

interface Props {
  readonly column: Column;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** What a list or a figure is narrowed to: chosen where the choices are known, typed where they are many. */
export function FilterField({ column, value, onChange }: Props) {
  const { tell } = useLanguage();
  if (column.kind === 'region') return <RegionField label={tell(column)} value={value} onChange={onChange} />;
  if (column.values) {
    const options = Object.entries(column.values).map(([name, said]) => ({ value: name, label: tell(said) }));
    return <ChoiceField label={tell(column)} options={options} value={value} onChange={onChange} />;
  }
  if (column.codes) return <CodeField label={tell(column)} codes={column.codes} value={value} onChange={onChange} />;
  return <TextField label={tell(column)} value={value} onChange={onChange} />;
}

interface FieldProps extends Omit<Props, 'column'> {
  readonly label: string;
}

export function RegionField(props: FieldProps) {
  const { data = [] } = useQuery(regionsQuery);
  const options = data.map((row: Row) => ({ value: String(row.region), label: String(row.name) }));
  return <ChoiceField {...props} options={options} />;
}

function CodeField({ codes, ...props }: FieldProps & { readonly codes: string }) {
  const { data = [] } = useQuery(codesQuery);
  const options = data
    .filter((row) => row.list === codes)
    .map(({ name }) => ({ value: textOf(name), label: textOf(name) }));
  return <ChoiceField {...props} options={options} />;
}

export function ChoiceField({
  label,
  options,
  value,
  onChange,
}: FieldProps & { readonly options: readonly { value: string; label: string }[] }) {
  return (
    <Labelled label={label}>
      <Select
        aria-label={label}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        value={value}
        options={[...options]}
        onChange={(chosen: string | undefined) => onChange(chosen)}
        popupMatchSelectWidth={false}
        style={{ minWidth: 120 }}
      />
    </Labelled>
  );
}

function TextField({ label, value, onChange }: FieldProps) {
  const [text, setText] = useState(value ?? '');
  const done = () => text !== (value ?? '') && onChange(text || undefined);
  return (
    <Labelled label={label}>
      <Input
        aria-label={label}
        value={text}
        allowClear
        style={{ width: 150 }}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onPressEnter={done}
      />
    </Labelled>
  );
}
