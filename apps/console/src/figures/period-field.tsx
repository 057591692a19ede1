import { Input, Select } from 'antd';
import { useLanguage } from '../kit/language';
import { dayAfter } from '../kit/numbers';
import { useTimes } from '../kit/times';
import { Labelled } from '../lists/labelled';
import type { Search } from '../shell/search-params';
import { daysOf, lastDayOf, periodOf, recent } from './period';

type Kind = 'recent' | 'year' | 'quarter' | 'month' | 'days';

function kindOf({ period, from, to }: Search): Kind {
  if (period !== undefined) return period.length === 4 ? 'year' : period.includes('Q') ? 'quarter' : 'month';
  return from !== undefined && to !== undefined ? 'days' : 'recent';
}

const two = (n: number) => String(n).padStart(2, '0');
/** How far back a year can be chosen; older ones by their days. */
const YEARS = 15;

interface Props {
  readonly search: Search;
  readonly ask: (change: Search) => void;
}

/** The period of a figure: the address has it as `period`, or as `from` and `to`. */
export function PeriodField({ search, ask }: Props) {
  const { say } = useLanguage();
  const times = useTimes();
  const day = lastDayOf(times);
  const kind = kindOf(search);
  const days = daysOf(periodOf(search, times));
  const [thisYear, thisMonth] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  const [year = String(thisYear), part] = (search.period ?? '').split('-').filter(Boolean);
  const choose = (period: string) => ask({ period, from: undefined, to: undefined });
  const start: Readonly<Record<Kind, () => void>> = {
    recent: () => ask({ period: undefined, from: undefined, to: undefined }),
    year: () => choose(year),
    quarter: () => choose(`${year}-Q${Math.ceil(thisMonth / 3)}`),
    month: () => choose(`${year}-${two(thisMonth)}`),
    days: () => ask({ ...(search.period === undefined ? recent(day) : days), period: undefined }),
  };
  const kinds: Readonly<Record<Kind, string>> = {
    recent: say('近四年', 'Last four years'),
    year: say('年', 'Year'),
    quarter: say('季', 'Quarter'),
    month: say('月', 'Month'),
    days: say('起止', 'Days'),
  };
  const parts =
    kind === 'quarter'
      ? [1, 2, 3, 4].map((n) => ({ value: `Q${n}`, label: say(`第 ${n} 季度`, `Q${n}`) }))
      : Array.from({ length: 12 }, (_, n) => ({ value: two(n + 1), label: say(`${n + 1} 月`, two(n + 1)) }));
  const years = Array.from({ length: YEARS }, (_, n) => String(thisYear - n));
  const label = say('期间', 'Period');
  return (
    <Labelled label={label}>
      <Select
        aria-label={label}
        value={kind}
        options={Object.entries(kinds).map(([value, text]) => ({ value, label: text }))}
        onChange={(chosen: Kind) => start[chosen]()}
        popupMatchSelectWidth={false}
        style={{ width: kind === 'recent' ? 144 : 92 }}
      />
      {kind !== 'recent' && kind !== 'days' && (
        <Select
          aria-label={say('年份', 'Year')}
          value={year}
          options={[...new Set([...years, year])].map((value) => ({ value, label: say(`${value} 年`, value) }))}
          onChange={(chosen: string) => choose(part === undefined ? chosen : `${chosen}-${part}`)}
          style={{ width: 96 }}
        />
      )}
      {part !== undefined && (
        <Select
          aria-label={kinds[kind]}
          value={part}
          options={parts}
          onChange={(chosen: string) => choose(`${year}-${chosen}`)}
          style={{ width: 106 }}
        />
      )}
      {kind === 'days' && (
        <>
          <Input
            aria-label={say('第一日', 'First day')}
            type="date"
            value={days.from}
            max={dayAfter(days.to, -1)}
            style={{ width: 140 }}
            onChange={({ target }) => target.value && ask({ from: target.value, to: days.to })}
          />
          <Input
            aria-label={say('最后一日', 'Last day')}
            type="date"
            value={dayAfter(days.to, -1)}
            min={days.from}
            style={{ width: 140 }}
            onChange={({ target }) => target.value && ask({ from: days.from, to: dayAfter(target.value) })}
          />
        </>
      )}
    </Labelled>
  );
}
