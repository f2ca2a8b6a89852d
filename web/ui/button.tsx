import type { ButtonHTMLAttributes, JSX, ReactNode } from 'react'
import { Link } from 'wouter'
import type { Icon } from './icons.tsx'
import './button.css'

/** `lamp` is the one act a page is for; there is at most one of it; `screen` is the same on the lit screen. */
export type ButtonLook = 'lamp' | 'screen' | 'plain' | 'bare' | 'danger'

type Looks = { look?: ButtonLook; size?: 'small' | 'wide'; icon?: Icon }

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & Looks & { isBusy?: boolean }

export function Button({ look, size, icon, isBusy = false, children, type = 'button', onClick, ...rest }: ButtonProps): JSX.Element {
  return (
    <button
      {...rest}
      {...looksOf({ look, size })}
      type={type}
      aria-busy={isBusy || undefined}
      // A busy button keeps the focus and its name; it only does not act twice.
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
    >
      <Content icon={icon}>{children}</Content>
    </button>
  )
}

type ButtonLinkProps = Looks & { to: string; children: ReactNode }

export function ButtonLink({ look, size, icon, to, children }: ButtonLinkProps): JSX.Element {
  return (
    <Link href={to} {...looksOf({ look, size })}>
      <Content icon={icon}>{children}</Content>
    </Link>
  )
}

function Content({ icon: Drawn, children }: { icon: Icon | undefined; children: ReactNode }) {
  return (
    <>
      {Drawn ? <Drawn /> : null}
      <span>{children}</span>
    </>
  )
}

function looksOf({ look = 'plain', size }: { look: ButtonLook | undefined; size: Looks['size'] | undefined }) {
  return { className: size ? `button button-${look} button-${size}` : `button button-${look}` }
}

type IconButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { icon: Icon; label: string }

export function IconButton({ icon: Drawn, label, type = 'button', ...rest }: IconButtonProps): JSX.Element {
  return (
    <button {...rest} className="icon-button" type={type} aria-label={label} title={label}>
      <Drawn />
    </button>
  )
}
