import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useCatalogue } from '../api/catalogue';
import { useLanguage } from '../kit/language';
import { MARKS } from '../kit/marks';
import { useKinds } from './kinds';
import { HEIGHT, laidOut, WIDTH, type Curve, type Spot } from './layout';
import { compared, isPlanned, type Compared, type Structure, type Zone } from './structure';

interface Props {
  readonly structure: Structure;
  /** The other point in time that it is compared with. */
  readonly other?: Structure;
  readonly chosen?: string;
  readonly onChoose: (region: string) => void;
}

/** How far a zone has come, in words. */
export function useZoneStatus(): (zone: Pick<Zone, 'status'>) => string {
  const { tell } = useLanguage();
  const { lists } = useCatalogue();
  const values = lists.find(({ name }) => name === 'zones')?.columns.find(({ name }) => name === 'status')?.values;
  return ({ status }) => (values?.[status] ? tell(values[status]) : status);
}

/** 一总多区 as a picture: one stop of the Tab key, arrows from region to region, Enter for what is known of it. */
export function Graph({ structure, other, chosen, onChoose }: Props) {
  const { say } = useLanguage();
  const { nameOf: kindName, names: linkKinds } = useKinds();
  const svg = useRef<SVGSVGElement>(null);
  const [at, setAt] = useState<string>();
  const both = useMemo<Structure>(() => {
    if (!other) return structure;
    const here = new Set(structure.ties.map(({ link }) => link));
    return { ...structure, ties: [...structure.ties, ...other.ties.filter(({ link }) => !here.has(link))] };
  }, [structure, other]);
  const { spots, names, curves } = useMemo(() => laidOut(both), [both]);
  const comparison = compared(structure, other);
  const present = new Set(both.ties.map(({ kind }) => kindName(kind)));
  const known = [...new Set([...linkKinds, ...[...present].sort()])];
  const kinds = known.filter((kind) => present.has(kind));
  const markOf = (kind: string) => known.indexOf(kindName(kind)) % MARKS.length;
  const here = spots.find(({ id }) => id === (at ?? chosen)) ?? spots[0];
  const go = (step: number) => {
    const next = spots[(spots.indexOf(here!) + step + spots.length) % spots.length];
    if (!next) return;
    setAt(next.id);
    svg.current?.querySelector<SVGElement>(`[data-region="${CSS.escape(next.id)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const keys: Readonly<Record<string, () => void>> = {
      ArrowRight: () => go(1),
      ArrowDown: () => go(1),
      ArrowLeft: () => go(-1),
      ArrowUp: () => go(-1),
      Enter: () => here && onChoose(here.id),
      ' ': () => here && onChoose(here.id),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <>
      <svg
        ref={svg}
        className="graph"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="group"
        aria-label={say('一总多区结构图', 'One hub, many zones')}
        onKeyDown={onKeyDown}
      >
        {structure.hub === null && (
          <text className="graph-note" x={WIDTH / 2} y={HEIGHT / 2} textAnchor="middle">
            {say('此日尚未设立总窗口', 'There is no hub on this day')}
          </text>
        )}
        {names.map(({ name, x, y }) => (
          <text key={name} className="graph-group" x={x} y={y} textAnchor="middle">
            {name}
          </text>
        ))}
        {curves.map((curve) => (
          <Line
            key={curve.tie.link}
            curve={curve}
            mark={markOf(curve.tie.kind)}
            touched={chosen !== undefined && [curve.tie.from, curve.tie.to].includes(chosen)}
            compared={comparison(`link/${curve.tie.link}`)}
            title={`${kindName(curve.tie.kind)}：${nameIn(spots, curve.tie.from)} → ${nameIn(spots, curve.tie.to)}`}
          />
        ))}
        {spots.map((spot) => (
          <Node
            key={spot.id}
            spot={spot}
            zones={structure.zones.filter(({ region }) => region === spot.id)}
            chosen={spot.id === chosen}
            stop={spot === here}
            compared={spot.kind === 'place' ? 'same' : comparison(`region/${spot.id}`)}
            zoneCompared={(zone) => comparison(`zone/${zone}`)}
            onFocus={() => setAt(spot.id)}
            onChoose={() => onChoose(spot.id)}
          />
        ))}
      </svg>
      <ul className="legend">
        {kinds.map((kind) => (
          <li key={kind} className={`series-${markOf(kind) + 1}`}>
            <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
              <path className="series-mark" d={MARKS[markOf(kind)]} />
            </svg>
            <span>
              {kind}{' '}
              {
                both.ties.filter((tie) => kindName(tie.kind) === kind && comparison(`link/${tie.link}`) !== 'gone')
                  .length
              }
            </span>
          </li>
        ))}
        <li>
          <svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
            <path className="tie planned" d="M0,5h26" />
          </svg>
          <span>{say('虚线：规划、在建', 'Dashed: planned or under way')}</span>
        </li>
        {other && (
          <li>
            <span className="tag good">{say('新增', 'new')}</span>
            <span className="tag bad">{say('已无', 'gone')}</span>
          </li>
        )}
      </ul>
    </>
  );
}

const nameIn = (spots: readonly Spot[], region: string) => spots.find(({ id }) => id === region)?.name ?? region;

interface LineProps {
  readonly curve: Curve;
  readonly mark: number;
  readonly touched: boolean;
  readonly compared: Compared;
  readonly title: string;
}

const Line = ({ curve: { path, middle, planned }, mark, touched, compared: as, title }: LineProps) => (
  <g className={`series-${mark + 1} ${as}${touched ? ' touched' : ''}`}>
    <title>{title}</title>
    <path className={planned ? 'tie planned' : 'tie'} d={path} />
    <path
      className="series-mark"
      d={MARKS[mark]}
      transform={`translate(${middle.x.toFixed(1)},${middle.y.toFixed(1)})`}
    />
  </g>
);

interface NodeProps {
  readonly spot: Spot;
  readonly zones: readonly Zone[];
  readonly chosen: boolean;
  readonly stop: boolean;
  readonly compared: Compared;
  readonly zoneCompared: (zone: string) => Compared;
  readonly onFocus: () => void;
  readonly onChoose: () => void;
}

function Node({ spot, zones, chosen, stop, compared: as, zoneCompared, onFocus, onChoose }: NodeProps) {
  const { say } = useLanguage();
  const status = useZoneStatus();
  const { x, y, radius, name, kind } = spot;
  const established = zones.some((zone) => !isPlanned(zone));
  const ring = zones.length === 0 ? '' : established ? ' zoned' : ' zoned planned';
  const told = zones.map((zone) => `${zone.name}（${status(zone)}）`);
  const role = kind === 'hub' ? say('总窗口', 'Hub') : '';
  const [first] = kind === 'city' ? zones : [];
  const more = zones.length > 1 ? ` +${zones.length - 1}` : '';
  const zone = first && `${first.kind}${isPlanned(first) ? `·${status(first)}` : ''}${more}`;
  const label = labelOf(spot, zones.length > 0);
  return (
    <g
      data-region={spot.id}
      className={`node ${kind}${ring}${chosen ? ' chosen' : ''} ${as}`}
      role="button"
      tabIndex={stop ? 0 : -1}
      aria-pressed={chosen}
      aria-label={`${role}${name}${zone ?? ''}${told.length > 0 ? `：${told.join('，')}` : ''}`}
      onFocus={onFocus}
      onClick={onChoose}
    >
      <title>{[name, ...told].join('\n')}</title>
      {kind === 'place' ? (
        <rect x={x - radius} y={y - radius} width={2 * radius} height={2 * radius} rx={3} />
      ) : (
        <circle cx={x} cy={y} r={radius} />
      )}
      {ring !== '' && kind !== 'park' && <circle className="ring" cx={x} cy={y} r={radius + 4} />}
      {role !== '' && (
        <text className="node-role" x={x} y={y - 30} textAnchor="middle">
          {role}
        </text>
      )}
      <text className="node-name" x={label.x} y={label.y} textAnchor={label.anchor}>
        {name}
      </text>
      {zone && (
        <text className={`node-zone ${zoneCompared(first.zone)}`} x={x} y={label.zoneY} textAnchor="middle">
          {zone}
        </text>
      )}
    </g>
  );
}

/** Where a name stands beside its region, and its zone beneath it. */
function labelOf({ x, y, radius, side, kind }: Spot, zoned: boolean) {
  if (side === 'left') return { x: x - 10, y: y + 4, anchor: 'end', zoneY: y } as const;
  if (side === 'right') return { x: x + 10, y: y + 4, anchor: 'start', zoneY: y } as const;
  const under = y + radius + (zoned && kind === 'city' ? 18 : 15);
  const below = { x, y: under, anchor: 'middle', zoneY: under + 14 } as const;
  if (side === 'inside') return { ...below, y: y - 12 };
  if (side === 'below') return below;
  const room = zoned && kind === 'city' ? 20 : 7;
  return { x, y: y - radius - room, anchor: 'middle', zoneY: y - radius - 7 } as const;
}
