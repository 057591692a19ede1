import { useNavigate } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { useLayoutEffect, useMemo, useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { useLanguage } from '../kit/language';
import { dayAfter, dayNumber, dayOf, number, today } from '../kit/numbers';
import { Labelled } from '../lists/labelled';
import { freeOn, months, placed, type Allocation, type Unit } from './space';

const LANE_PX = 24;
const NAME_PX = 190;

interface Props {
  readonly carrier: string;
  readonly home: string;
  readonly units: readonly Unit[];
  readonly lettings: readonly Allocation[];
  /** The day that what is free is told of. */
  readonly day: string;
  readonly mayLet: boolean;
}

interface Wanted {
  readonly unit: string;
  readonly from: number;
  readonly to: number;
}

/** Who is where, until when, and what is free: a row for each unit, time from left to right. Dragging over it begins a letting. */
export function Plan({ carrier, home, units, lettings, day, mayLet }: Props) {
  const { say } = useLanguage();
  const navigate = useNavigate();
  const [start, setStart] = useState(`${dayAfter(day, -180).slice(0, 7)}-01`);
  const [years, setYears] = useState(2);
  const end = dayOf(dayNumber(start) + years * 365);
  const [wanted, setWanted] = useState<Wanted>();
  const byUnit = useMemo(() => Map.groupBy(lettings, ({ unit }) => unit), [lettings]);
  const let_ = ({ unit, from, to }: Wanted) =>
    void navigate({
      to: '/do/$command',
      params: { command: 'admit-firm' },
      search: {
        carrier,
        home,
        unit,
        on: dayOf(Math.min(from, dayNumber(today()))),
        from: dayOf(from),
        until: dayOf(to),
      },
    });
  return (
    <section className="card" aria-label={say('空间图', 'Space plan')}>
      <div className="filters">
        <h2>{say('空间图', 'Space plan')}</h2>
        <Labelled label={say('自', 'From')}>
          <Input
            type="month"
            aria-label={say('自', 'From')}
            value={start.slice(0, 7)}
            style={{ width: 140 }}
            onChange={({ target }) => target.value && setStart(`${target.value}-01`)}
          />
        </Labelled>
        <Select
          aria-label={say('时段', 'Span')}
          value={years}
          onChange={setYears}
          options={[1, 2, 5, 10].map((value) => ({ value, label: say(`${value} 年`, `${value} years`) }))}
        />
        {mayLet && (
          <span className="lead">
            {say(
              '在空白处拖动即可开始准入；或选定单元后填写。',
              'Drag over what is free to admit a firm, or fill in the form.',
            )}
          </span>
        )}
      </div>
      <div className="plan">
        <Axis start={start} end={end} day={day} />
        {units.map((unit) => (
          <UnitRow
            key={unit.unit}
            unit={unit}
            lettings={byUnit.get(unit.unit) ?? []}
            {...{ start, end, day, mayLet }}
            wanted={wanted?.unit === unit.unit ? wanted : undefined}
            onWant={setWanted}
            onLet={let_}
          />
        ))}
        {units.length === 0 && <p className="empty">{say('尚无空间单元', 'There is no space yet')}</p>}
      </div>
    </section>
  );
}

const shareOf = (day: number, start: string, end: string) =>
  (day - dayNumber(start)) / (dayNumber(end) - dayNumber(start));
const percentOf = (share: number) => `${Math.max(0, Math.min(1, share)) * 100}%`;

function Axis({ start, end, day }: { readonly start: string; readonly end: string; readonly day: string }) {
  const marks = months(start, end).filter((_, i, all) => i % Math.max(1, Math.ceil(all.length / 16)) === 0);
  return (
    <div className="plan-row plan-axis" aria-hidden="true">
      <div style={{ width: NAME_PX }} />
      <div className="plan-time">
        {marks.map((mark) => (
          <span key={mark} style={{ left: percentOf(shareOf(dayNumber(mark), start, end)) }}>
            {mark.slice(0, 7)}
          </span>
        ))}
        {day >= start && day < end && <i style={{ left: percentOf(shareOf(dayNumber(day), start, end)) }} />}
      </div>
    </div>
  );
}

interface RowProps {
  readonly unit: Unit;
  readonly lettings: readonly Allocation[];
  readonly start: string;
  readonly end: string;
  readonly day: string;
  readonly mayLet: boolean;
  readonly wanted: Wanted | undefined;
  readonly onWant: (wanted: Wanted | undefined) => void;
  readonly onLet: (wanted: Wanted) => void;
}

function UnitRow({ unit, lettings, start, end, day, mayLet, wanted, onWant, onLet }: RowProps) {
  const { say, language } = useLanguage();
  const seen = useMemo(
    () => placed(lettings).filter(({ letting }) => letting.from < end && (letting.until ?? '9999') > start),
    [lettings, start, end],
  );
  const free = freeOn(unit, lettings, day);
  const lanes = Math.max(1, ...seen.map(({ lane }) => lane + 1));
  const time = useRef<HTMLDivElement>(null);
  const dayAt = (event: PointerEvent) => {
    const { left, width } = time.current!.getBoundingClientRect();
    return dayNumber(start) + ((event.clientX - left) / width) * (dayNumber(end) - dayNumber(start));
  };
  const onPointerDown = (event: PointerEvent) => {
    if (!mayLet || event.target !== time.current || event.button !== 0) return;
    time.current.setPointerCapture(event.pointerId);
    onWant({ unit: unit.unit, from: dayAt(event), to: dayAt(event) });
  };
  const onPointerUp = () => {
    if (!wanted) return;
    const [from, to] = [Math.min(wanted.from, wanted.to), Math.max(wanted.from, wanted.to)];
    onWant(undefined);
    if (to - from >= 7) onLet({ ...wanted, from, to });
  };
  const name = `${unit.unit}`;
  return (
    <div className="plan-row">
      <div className="plan-name" style={{ width: NAME_PX }}>
        <strong>{name}</strong>
        <span>
          {say(
            `空 ${number(free.area, language)}/${number(free.areaOf, language)} ㎡`,
            `${number(free.area, language)}/${number(free.areaOf, language)} m² free`,
          )}{' '}
          · {say(`${free.desks}/${free.desksOf} 工位`, `${free.desks}/${free.desksOf} desks`)}
        </span>
        {mayLet && (
          <Button
            size="small"
            disabled={free.desks <= 0 && free.area <= 0}
            onClick={() => onLet({ unit: unit.unit, from: dayNumber(day), to: dayNumber(dayAfter(day, 365)) })}
          >
            {say('准入企业', 'Admit a firm')}
          </Button>
        )}
      </div>
      <Lanes lanes={lanes}>
        {(from, to) => (
          <div
            ref={time}
            className={mayLet ? 'plan-time lets' : 'plan-time'}
            style={{ height: lanes * LANE_PX + 6 }}
            onPointerDown={onPointerDown}
            onPointerMove={(event) => wanted && onWant({ ...wanted, to: dayAt(event) })}
            onPointerUp={onPointerUp}
          >
            <Unlettable unit={unit} start={start} end={end} />
            {seen
              .filter(({ lane }) => lane >= from && lane <= to)
              .map(({ letting, lane }) => (
                <Bar key={letting.allocation} letting={letting} lane={lane} start={start} end={end} />
              ))}
            {wanted && (
              <div
                className="plan-wanted"
                style={{
                  left: percentOf(shareOf(Math.min(wanted.from, wanted.to), start, end)),
                  right: `calc(100% - ${percentOf(shareOf(Math.max(wanted.from, wanted.to), start, end))})`,
                }}
              >
                {dayOf(Math.min(wanted.from, wanted.to))} – {dayOf(Math.max(wanted.from, wanted.to))}
              </div>
            )}
          </div>
        )}
      </Lanes>
    </div>
  );
}

/** Of thousands of lanes only those near what is seen are drawn. */
function Lanes({
  lanes,
  children,
}: {
  readonly lanes: number;
  readonly children: (from: number, to: number) => ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ from: 0, to: 60 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || lanes <= 60) return;
    const look = () =>
      setSeen({
        from: Math.floor(element.scrollTop / LANE_PX) - 5,
        to: Math.ceil((element.scrollTop + element.clientHeight) / LANE_PX) + 5,
      });
    element.addEventListener('scroll', look);
    return () => element.removeEventListener('scroll', look);
  }, [lanes]);
  return (
    <div ref={box} className="plan-lanes" tabIndex={lanes > 60 ? 0 : undefined}>
      {children(seen.from, seen.to)}
    </div>
  );
}

/** Before the unit is there, and after it is gone. */
function Unlettable({
  unit: { from, until },
  start,
  end,
}: {
  readonly unit: Unit;
  readonly start: string;
  readonly end: string;
}) {
  return (
    <>
      {from > start && (
        <div className="plan-none" style={{ left: 0, width: percentOf(shareOf(dayNumber(from), start, end)) }} />
      )}
      {until !== null && until < end && (
        <div className="plan-none" style={{ left: percentOf(shareOf(dayNumber(until), start, end)), right: 0 }} />
      )}
    </>
  );
}

function Bar({
  letting,
  lane,
  start,
  end,
}: {
  readonly letting: Allocation;
  readonly lane: number;
  readonly start: string;
  readonly end: string;
}) {
  const { say } = useLanguage();
  const navigate = useNavigate();
  const [left, right] = [
    shareOf(dayNumber(letting.from), start, end),
    letting.until === null ? 1 : shareOf(dayNumber(letting.until), start, end),
  ];
  const label = `${letting.firm} · ${letting.areaSquareMetres} ㎡ · ${say(`${letting.desks} 工位`, `${letting.desks} desks`)} · ${letting.from} – ${letting.until ?? say('不限', 'open')}`;
  return (
    <button
      type="button"
      className={letting.until === null ? 'plan-bar open' : 'plan-bar'}
      title={label}
      aria-label={label}
      style={{
        top: lane * LANE_PX + 3,
        left: percentOf(left),
        width: `calc(${percentOf(right)} - ${percentOf(left)})`,
      }}
      onClick={() =>
        void navigate({
          to: '/lists/$list',
          params: { list: 'allocations' },
          search: {
            carrier: letting.carrier,
            allocation: letting.allocation,
            open: `${letting.carrier}/${letting.allocation}`,
          },
        })
      }
    >
      {letting.firm}
    </button>
  );
}
