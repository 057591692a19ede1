import { Drawer } from 'antd';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** Pixels. */
  readonly width: number;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * What is opened beside a page. Not in the body: antd would keep that from scrolling by a style without a nonce, which the
 * policy refuses, and the body does not scroll here.
 */
export const SidePanel = ({ title, width, onClose, children }: Props) => (
  <Drawer
    open
    title={title}
    size={width}
    onClose={onClose}
    getContainer={() => document.querySelector<HTMLElement>('.shell')!}
  >
    {children}
  </Drawer>
);
