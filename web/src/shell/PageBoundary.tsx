import { Component, type ReactNode } from 'react';
import { Page } from '../parts/Page';
import { ProblemNotice } from '../parts/ProblemNotice';
import { useText } from '../text/TextProvider';

interface Props {
  /** Another page starts afresh. */
  readonly at: string;
  readonly children: ReactNode;
}

interface State {
  readonly at: string;
  readonly error: unknown;
}

/** A page that cannot be drawn says so in its place; the menu and whatever was typed elsewhere stay. */
export class PageBoundary extends Component<Props, State> {
  override state: State = { at: this.props.at, error: null };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.at === state.at ? null : { at: props.at, error: null };
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Broken error={this.state.error} />;
  }
}

function Broken({ error }: { readonly error: unknown }) {
  const { t } = useText();
  return <Page title={t('broken.title')}><ProblemNotice error={error} reading /></Page>;
}
