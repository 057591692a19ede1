import { Link } from '@tanstack/react-router';
import type { Column } from '../api/catalogue';
import { useLanguage } from './language';
import { textOf, useRegionName, type Row } from './names';
import { exactMoney, money, number } from './numbers';
import type { Exact } from './exact';

const GOOD = new Set(['open', 'recognised', 'settled', 'networked', 'established', 'recorded', 'admitted', 'in-force']);
const WAITS = new Set([
  'planned',
  'under-way',
  'proposed',
  'negotiating',
  'filed',
  'suspended',
  'winding-up',
  'declared',
]);

/** The ground of a state; its text says the same, for those who see no colours. */
const toneOf = (value: string) => (GOOD.has(value) ? 'good' : WAITS.has(value) ? 'waits' : 'over');

interface Props {
  readonly column: Column;
  readonly value: unknown;
  /** A name of a thing leads to it. */
  readonly linked?: boolean;
}

/** One value as people read it; the exact one is in its title. */
export function Value({ column, value, linked = false }: Props) {
  const { say, tell, language } = useLanguage();
  const name = useRegionName();
  if (value === null || value === undefined || value === '') return <span className="nothing">—</span>;
  switch (column.kind) {
    case 'fen':
      return <span title={exactMoney(value as Exact)}>{money(value as Exact, language)}</span>;
    case 'count':
    case 'hundredths':
      return <>{number(value as Exact, language)}</>;
    case 'flag':
      return <>{value === true ? say('是', 'yes') : say('否', 'no')}</>;
    case 'choice': {
      const told = column.values?.[textOf(value)];
      const text = told ? tell(told) : textOf(value);
      return column.name === 'status' ? <span className={`tag ${toneOf(textOf(value))}`}>{text}</span> : <>{text}</>;
    }
    case 'region':
      return <span title={textOf(value)}>{name(textOf(value))}</span>;
    case 'parts':
      return <Parts column={column} value={value as Row} />;
    case 'several':
      return <Several column={column} values={value as readonly unknown[]} />;
    case 'slug':
      return linked && column.list !== undefined && column.field !== undefined ? (
        <Link to="/lists/$list" params={{ list: column.list }} search={{ [column.field]: textOf(value) }}>
          {textOf(value)}
        </Link>
      ) : (
        <>{textOf(value)}</>
      );
    default:
      return <>{textOf(value)}</>;
  }
}

function Parts({ column, value }: { readonly column: Column; readonly value: Row }) {
  const shown = (column.parts ?? []).filter(({ name }) => value[name] !== null && value[name] !== undefined);
  return (
    <>
      {shown.map((part, i) => (
        <span key={part.name}>
          {i > 0 && ' · '}
          <Value column={part} value={value[part.name]} />
        </span>
      ))}
    </>
  );
}

function Several({ column, values }: { readonly column: Column; readonly values: readonly unknown[] }) {
  if (values.length === 0 || column.of === undefined) return <span className="nothing">—</span>;
  return (
    <>
      {values.map((value, i) => (
        <span key={i}>
          {i > 0 && '；'}
          <Value column={column.of!} value={value} />
        </span>
      ))}
    </>
  );
}

/** Numbers stand at the right, under one another. */
export const isNumber = ({ kind }: Column): boolean => kind === 'fen' || kind === 'count' || kind === 'hundredths';
