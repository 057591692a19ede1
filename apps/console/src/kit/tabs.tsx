import { useId, type KeyboardEvent, type ReactNode } from 'react';

interface Props<Name extends string> {
  readonly label: string;
  readonly tabs: Readonly<Record<Name, string>>;
  readonly shown: Name;
  readonly onShow: (name: Name) => void;
  readonly children: ReactNode;
}

/** The tabs pattern of ARIA's Authoring Practices: one stop of the Tab key, arrows between them. */
export function Tabs<Name extends string>({ label, tabs, shown, onShow, children }: Props<Name>) {
  const id = useId();
  const names = Object.keys(tabs) as Name[];
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = names[(names.indexOf(shown) + step + names.length) % names.length]!;
    onShow(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {names.map((name) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={name === shown}
            aria-controls={`${id}-panel`}
            tabIndex={name === shown ? 0 : -1}
            onClick={() => onShow(name)}
          >
            {tabs[name]}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} className="tab-panel" role="tabpanel" aria-labelledby={`${id}-${shown}`}>
        {children}
      </div>
    </>
  );
}
