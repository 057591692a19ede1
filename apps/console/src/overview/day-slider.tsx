import { useEffect, useState } from 'react';
import { useLanguage } from '../kit/language';

const DAY = 86_400_000;
const numberOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY;
const dayOf = (number: number) => new Date(number * DAY).toISOString().slice(0, 10);

interface Props {
  readonly first: string;
  readonly last: string;
  readonly day: string;
  /** Days on which something came about. */
  readonly marked: readonly string[];
  /** While it is being moved. */
  readonly onMove: (day: string) => void;
  /** Where it was let go. */
  readonly onSettle: (day: string) => void;
}

/** Any day between the first fact and today. */
export function DaySlider({ first, last, day, marked, onMove, onSettle }: Props) {
  const { say } = useLanguage();
  const [at, setAt] = useState(day);
  useEffect(() => setAt(day), [day]);
  const [from, to] = [numberOf(first), numberOf(last)];
  const share = (one: string) => (100 * (numberOf(one) - from)) / Math.max(1, to - from);
  const settle = () => at !== day && onSettle(at);
  return (
    <div className="day-slider">
      <label>
        <span>{say('日期', 'Day')}</span>
        <input
          type="range"
          min={from}
          max={to}
          value={numberOf(at)}
          aria-valuetext={at}
          onChange={({ target }) => {
            const moved = dayOf(Number(target.value));
            setAt(moved);
            onMove(moved);
          }}
          onPointerUp={settle}
          onKeyUp={settle}
          onBlur={settle}
        />
        <output>{at}</output>
      </label>
      <svg className="ticks" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        {marked.map((one) => (
          <path key={one} d={`M${share(one).toFixed(2)},0v6`} />
        ))}
      </svg>
    </div>
  );
}
