import type { ReactNode } from 'react';

/** A small control with its name before it. */
export const Labelled = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <span className="labelled">
    <span aria-hidden="true">{label}</span>
    {children}
  </span>
);
