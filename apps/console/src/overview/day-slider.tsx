import { useEffect, useState } from 'react';
import { useLanguage } from '../kit/language';
import { dayNumber, dayOf } from '../kit/numbers';

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
  const [from, to] = [dayNumber(first), dayNumber(last)];
  const share = (one: string) => (100 * (dayNumber(one) - from)) / Math.max(1, to - from);
  const settle = () => at !== day && onSettle(at);
  return (
    <div className="day-slider">
      <label>
        <span>{say('日期', 'Day')}</span>
        <input
          type="range"
          min={from}
          max={to}
          value={dayNumber(at)}
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
