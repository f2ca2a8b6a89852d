import { Component, type ReactNode } from 'react'
import { BrokenPage } from './broken-page.tsx'

type Props = { children: ReactNode }

/** A page that breaks leaves the frame standing, so that there is always a way on. */
export class ErrorBoundary extends Component<Props, { broke: boolean }> {
  override state = { broke: false }

  static getDerivedStateFromError() {
    return { broke: true }
  }

  override render(): ReactNode {
    return this.state.broke ? <BrokenPage retry={() => this.setState({ broke: false })} /> : this.props.children
  }
}
